import { totalSize } from "../../../../userland/files/tree.ts";
import type { Container } from "../../../model/container.ts";
import type { Image } from "../../../model/image.ts";
import type { Shape } from "../../../model/shapes.ts";
import type { Volume } from "../../../model/volume.ts";
import type { Engine } from "../../../operations/engine.ts";
import { usersOf } from "../../../operations/lifecycle/volumes.ts";
import { linkNames } from "../../../runtime/links.ts";
import { json } from "../../http/answer.ts";
import { containerShape } from "../containers/list.ts";
import type { Endpoint } from "../endpoint.ts";
import { listed, topImages } from "../images/list.ts";
import { volumeShape } from "../volumes/shape.ts";

/** moby daemon/disk_usage.go. Nothing is kept for builds that are to come. */
export const systemDiskUsage: Endpoint = {
  operation: "SystemDataUsage",
  answer: (_, engine) => {
    const told = { engine, hasSize: true, links: linkNames(engine) };
    return json({
      LayersSize: layersSize(engine),
      Images: topImages(engine).map((image) => imageShape(engine, image)),
      Containers: newestFirst(engine).map((container) => containerShape(container, told)),
      Volumes: [...engine.volumes].filter(isPlain).map((volume) => usedVolumeShape(engine, volume)),
      BuildCache: null,
      BuilderSize: 0,
    });
  },
};

function newestFirst({ containers }: Engine): Container[] {
  return [...containers].sort((one, other) => (one.created < other.created ? 1 : -1));
}

/** A layer that several images have is counted once. */
function layersSize({ images }: Engine): number {
  const sizes = new Map(
    [...images].flatMap(({ layers }) => layers.map(({ diffId }, at) => [diffId, layerSize(layers, at)])),
  );
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function layerSize(layers: Image["layers"], at: number): number {
  const [below, layer] = [layers[at - 1], layers[at]];
  return Math.max(0, sizeOf(layer) - sizeOf(below));
}

function sizeOf(layer: Image["layers"][number] | undefined): number {
  return layer === undefined ? 0 : totalSize(layer.root);
}

function imageShape(engine: Engine, image: Image): Shape {
  const Containers = [...engine.containers].filter(({ imageId }) => imageId === image.id).length;
  return { ...listed(image), Containers, SharedSize: sharedSize(engine, image) };
}

/** The bytes of those layers that other images have, too. */
function sharedSize(engine: Engine, { id, layers }: Image): number {
  const others = new Set(
    topImages(engine)
      .filter((other) => other.id !== id)
      .flatMap((other) => other.layers.map(({ diffId }) => diffId)),
  );
  return layers.reduce((sum, { diffId }, at) => sum + (others.has(diffId) ? layerSize(layers, at) : 0), 0);
}

/** What a driver was given options for may lie anywhere, and is not measured (moby volume/service, LocalVolumesSize). */
function isPlain({ options }: Volume): boolean {
  return Object.keys(options ?? {}).length === 0;
}

function usedVolumeShape(engine: Engine, volume: Volume): Shape {
  const RefCount = usersOf(engine, volume.name).length;
  return { ...volumeShape(volume), UsageData: { RefCount, Size: totalSize(volume.files.root) } };
}
