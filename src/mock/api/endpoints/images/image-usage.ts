/** How much images use, and how they are listed (moby daemon/images/image_list.go, daemon/disk_usage.go). */
import { sumSizes } from "../../../../userland/files/tree.ts";
import type { Image } from "../../../model/image.ts";
import type { Engine } from "../../../operations/engine.ts";

/** The images of a list without `all`: those with a name, and those that are no image's parent. */
export function listTopImages(engine: Engine): Image[] {
  const parents = collectParentIds(engine);
  return [...engine.images]
    .filter(({ id, tags, digests }) => tags.length + digests.length > 0 || !parents.has(id))
    .sort(compareNewestFirst);
}

export function collectParentIds({ images }: Engine): ReadonlySet<string> {
  return new Set([...images].map(({ parentId }) => parentId));
}

export function compareNewestFirst(one: Image, other: Image): number {
  return one.created < other.created ? 1 : one.created > other.created ? -1 : 0;
}

export function countContainers({ containers }: Engine, { id }: Image): number {
  return [...containers].filter(({ imageId }) => imageId === id).length;
}

/** The size of all layers, in bytes. A layer counts once even if several images have it. */
export function measureLayers({ images }: Engine): number {
  const sizes = new Map(
    [...images].flatMap(({ layers }) => layers.map(({ diffId }, at) => [diffId, measureLayer(layers, at)])),
  );
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** The size of the layers that the image shares with other images, in bytes. */
export function measureSharedLayers(engine: Engine, { id, layers }: Image): number {
  const others = new Set(
    listTopImages(engine)
      .filter((other) => other.id !== id)
      .flatMap((other) => other.layers.map(({ diffId }) => diffId)),
  );
  return layers.reduce((sum, { diffId }, at) => sum + (others.has(diffId) ? measureLayer(layers, at) : 0), 0);
}

function measureLayer(layers: Image["layers"], at: number): number {
  const [below, layer] = [layers[at - 1], layers[at]];
  return Math.max(0, measureRoot(layer) - measureRoot(below));
}

function measureRoot(layer: Image["layers"][number] | undefined): number {
  return layer === undefined ? 0 : sumSizes(layer.root);
}
