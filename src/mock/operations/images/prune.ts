/** Images that nobody needs (moby daemon/images/image_prune.go). */

import { chainIds } from "../../images/layers.ts";
import { ApiError } from "../../model/api-error.ts";
import { emitEvent } from "../../model/emit-events.ts";
import type { Filters } from "../../model/filters.ts";
import type { Image } from "../../model/image.ts";
import type { Engine } from "../engine.ts";
import { type Removed, removeImage } from "./remove.ts";

export interface Pruned {
  readonly removed: readonly Removed[];
  /** Bytes. */
  readonly reclaimed: number;
}

export function pruneImages(engine: Engine, filters: Filters, until: bigint | undefined): Pruned {
  const onlyDangling = filters.flag("dangling") ?? true;
  const sizes = layerSizes(engine);
  const removed = [...engine.images]
    .filter(
      (image) => isTop(engine, image) && (until === undefined || image.created <= until) && isLabelled(image, filters),
    )
    .flatMap((image) => namesToRemove(image, onlyDangling).flatMap((name) => removedOrKept(engine, name)));
  const reclaimed = removed.reduce((sum, one) => sum + ("Deleted" in one ? (sizes.get(one.Deleted) ?? 0) : 0), 0);
  emitEvent(engine, "image", "prune", "", { reclaimed: String(reclaimed) });
  return { removed, reclaimed };
}

/** Not one that only others are made from. */
function isTop(engine: Engine, { id, tags, digests }: Image): boolean {
  return tags.length + digests.length > 0 || engine.images.childrenOf(id).length === 0;
}

function isLabelled({ config }: Image, filters: Filters): boolean {
  return filters.labels(config.Labels) && (!filters.has("label!") || !filters.labels(config.Labels, "label!"));
}

function namesToRemove({ id, tags, digests }: Image, onlyDangling: boolean): readonly string[] {
  if (tags.length + digests.length === 0) return [id];
  if (onlyDangling && tags.length > 0) return [];
  return [...tags, ...digests];
}

/** What is in use stays, without a word. */
function removedOrKept(engine: Engine, name: string): Removed[] {
  if (engine.images.lookUp(name) === undefined) return [];
  try {
    return removeImage(engine, name, { isForced: false, prunes: true });
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return [];
    throw error;
  }
}

function layerSizes({ images }: Engine): ReadonlyMap<string, number> {
  const pairs = [...images].flatMap(({ layers }) =>
    chainIds(layers).map((id, index) => [id, layers[index]?.size ?? 0] as const),
  );
  return new Map(pairs);
}
