import { notFound } from "./api-error.ts";
import type { Shelf } from "./shelf.ts";
import type { Volume } from "./volume.ts";

/** @throws Refusal 404 */
export function findVolume({ volumes }: { readonly volumes: Shelf<Volume> }, name: string): Volume {
  const volume = volumes.get(name);
  if (volume === undefined) throw notFound(`get ${name}: no such volume`);
  return volume;
}
