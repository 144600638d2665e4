/** Removes unused images (moby daemon/images/image_prune.go). */

import { toChainIds } from "../../images/layers.ts";
import { ApiError } from "../../model/api-error.ts";
import { emitEvent } from "../../model/emit-events.ts";
import type { Filters } from "../../model/filters.ts";
import type { Image } from "../../model/image.ts";
import type { Engine } from "../engine.ts";
import { type RemovedItem, removeImage } from "./remove.ts";

export interface PrunedImages {
  readonly removed: readonly RemovedItem[];
  /** Bytes. */
  readonly reclaimed: number;
}

export function pruneImages(engine: Engine, filters: Filters, until: bigint | undefined): PrunedImages {
  const onlyDangling = filters.getFlag("dangling") ?? true;
  const sizes = measureLayers(engine);
  const removed = [...engine.images]
    .filter(
      (image) => isTop(engine, image) && (until === undefined || image.created <= until) && isLabelled(image, filters),
    )
    .flatMap((image) => listNamesToRemove(image, onlyDangling).flatMap((name) => tryRemove(engine, name)));
  const reclaimed = removed.reduce((sum, one) => sum + ("Deleted" in one ? (sizes.get(one.Deleted) ?? 0) : 0), 0);
  emitEvent(engine, "image", "prune", "", { reclaimed: String(reclaimed) });
  return { removed, reclaimed };
}

/** An image is not a top image if it only serves as a parent. */
function isTop(engine: Engine, { id, tags, digests }: Image): boolean {
  return tags.length + digests.length > 0 || engine.images.findChildren(id).length === 0;
}

function isLabelled({ config }: Image, filters: Filters): boolean {
  return filters.hasLabels(config.Labels) && (!filters.has("label!") || !filters.hasLabels(config.Labels, "label!"));
}

function listNamesToRemove({ id, tags, digests }: Image, onlyDangling: boolean): readonly string[] {
  if (tags.length + digests.length === 0) return [id];
  if (onlyDangling && tags.length > 0) return [];
  return [...tags, ...digests];
}

/** Keeps an image that is in use, without an error. */
function tryRemove(engine: Engine, name: string): RemovedItem[] {
  if (engine.images.lookUp(name) === undefined) return [];
  try {
    return removeImage(engine, name, { isForced: false, prunes: true });
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return [];
    throw error;
  }
}

function measureLayers({ images }: Engine): ReadonlyMap<string, number> {
  const pairs = [...images].flatMap(({ layers }) =>
    toChainIds(layers).map((id, index) => [id, layers[index]?.size ?? 0] as const),
  );
  return new Map(pairs);
}
