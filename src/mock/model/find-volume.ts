import { notFound } from "./api-error.ts";
import type { Store } from "./store.ts";
import type { Volume } from "./volume.ts";

/** @throws ApiError 404 */
export function findVolume({ volumes }: { readonly volumes: Store<Volume> }, name: string): Volume {
  const volume = volumes.get(name);
  if (volume === undefined) throw notFound(`get ${name}: no such volume`);
  return volume;
}
