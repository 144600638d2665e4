import { sumSizes } from "../../../../userland/files/tree.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import type { Container } from "../../../model/container.ts";
import type { Image } from "../../../model/image.ts";
import type { Volume } from "../../../model/volume.ts";
import type { Engine } from "../../../operations/engine.ts";
import { listVolumeUsers } from "../../../operations/lifecycle/volumes.ts";
import { collectLinkNames } from "../../../runtime/links.ts";
import { jsonResponse } from "../../http/response.ts";
import { toContainerSummary } from "../containers/container-summary.ts";
import type { Endpoint } from "../endpoint.ts";
import { listTopImages, toImageSummary } from "../images/list.ts";
import { toVolumeJson } from "../volumes/volume-json.ts";

/** From moby daemon/disk_usage.go. The classic builder has no cache of its own. */
export const systemDiskUsage: Endpoint = {
  operation: "SystemDataUsage",
  respond: (_, engine) => {
    const context = { engine, hasSize: true, links: collectLinkNames(engine) };
    return jsonResponse({
      LayersSize: measureLayers(engine),
      Images: listTopImages(engine).map((image) => toImageUsage(engine, image)),
      Containers: listNewestFirst(engine).map((container) => toContainerSummary(container, context)),
      Volumes: [...engine.volumes].filter(hasNoOptions).map((volume) => toVolumeUsage(engine, volume)),
      BuildCache: null,
      BuilderSize: 0,
    });
  },
};

function listNewestFirst({ containers }: Engine): Container[] {
  return [...containers].sort((one, other) => (one.created < other.created ? 1 : -1));
}

/** Counts a layer once even if several images have it. */
function measureLayers({ images }: Engine): number {
  const sizes = new Map(
    [...images].flatMap(({ layers }) => layers.map(({ diffId }, at) => [diffId, measureLayer(layers, at)])),
  );
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function measureLayer(layers: Image["layers"], at: number): number {
  const [below, layer] = [layers[at - 1], layers[at]];
  return Math.max(0, measureRoot(layer) - measureRoot(below));
}

function measureRoot(layer: Image["layers"][number] | undefined): number {
  return layer === undefined ? 0 : sumSizes(layer.root);
}

function toImageUsage(engine: Engine, image: Image): ApiJson {
  const Containers = [...engine.containers].filter(({ imageId }) => imageId === image.id).length;
  return { ...toImageSummary(image), Containers, SharedSize: measureSharedLayers(engine, image) };
}

/** The size of the layers that the image shares with other images, in bytes. */
function measureSharedLayers(engine: Engine, { id, layers }: Image): number {
  const others = new Set(
    listTopImages(engine)
      .filter((other) => other.id !== id)
      .flatMap((other) => other.layers.map(({ diffId }) => diffId)),
  );
  return layers.reduce((sum, { diffId }, at) => sum + (others.has(diffId) ? measureLayer(layers, at) : 0), 0);
}

/** A volume with driver options may be anywhere, so moby does not measure it (moby volume/service, LocalVolumesSize). */
function hasNoOptions({ options }: Volume): boolean {
  return Object.keys(options ?? {}).length === 0;
}

function toVolumeUsage(engine: Engine, volume: Volume): ApiJson {
  const RefCount = listVolumeUsers(engine, volume.name).length;
  return { ...toVolumeJson(volume), UsageData: { RefCount, Size: sumSizes(volume.files.root) } };
}
