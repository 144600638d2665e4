import { sumSizes } from "../../../../userland/files/tree.ts";
import { badParameter } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import type { Image } from "../../../model/image.ts";
import type { Volume } from "../../../model/volume.ts";
import type { Engine } from "../../../operations/engine.ts";
import { listVolumeUsers } from "../../../operations/lifecycle/volumes.ts";
import { collectLinkNames } from "../../../runtime/links.ts";
import type { ApiRequest } from "../../http/request.ts";
import { jsonResponse } from "../../http/response.ts";
import { downgradeTo, type ResponseDowngrade } from "../../version/downgrade.ts";
import { toContainerSummary } from "../containers/container-summary.ts";
import { useOldNetworks } from "../containers/list.ts";
import type { Endpoint } from "../endpoint.ts";
import { listTopImages, measureLayers, measureSharedLayers } from "../images/image-usage.ts";
import { nameNothing, toImageSummary } from "../images/list.ts";
import { toVolumeJson } from "../volumes/volume-json.ts";

const TYPES: readonly string[] = ["container", "image", "volume", "build-cache"];
const SUMMARY_DOWNGRADES: readonly ResponseDowngrade[] = [{ sinceEngine: "28", downgrade: useOldNetworks }];
const IMAGE_DOWNGRADES: readonly ResponseDowngrade[] = [
  { since: "1.44", downgrade: (shape) => ({ ...shape, VirtualSize: shape.Size }) },
  { sinceEngine: "28", downgrade: nameNothing },
];
/** dockerd 28 has no `BuilderSize` in any version, and an empty list instead of null. */
const DOWNGRADES: readonly ResponseDowngrade[] = [
  { sinceEngine: "28", downgrade: (usage) => ({ ...usage, BuildCache: null, BuilderSize: 0 }) },
];

/** From moby daemon/disk_usage.go. The classic builder has no cache of its own. */
export const systemDiskUsage: Endpoint = {
  operation: "SystemDataUsage",
  respond: (request, engine) => {
    const types = readTypes(request);
    const pick = <T>(type: string, list: () => T): T | null => (types.has(type) ? list() : null);
    const usage = {
      LayersSize: types.has("image") ? measureLayers(engine) : 0,
      Images: pick("image", () => listImageUsage(request, engine)),
      Containers: pick("container", () => listContainerUsage(request, engine)),
      Volumes: pick("volume", () => [...engine.volumes].filter(hasNoOptions).map((one) => toVolumeUsage(engine, one))),
      BuildCache: pick("build-cache", () => []),
    };
    return jsonResponse(downgradeTo(request, usage, DOWNGRADES));
  },
};

/** The types of objects to measure: all without the parameter. @throws ApiError 400 for an unknown type */
function readTypes({ query }: ApiRequest): ReadonlySet<string> {
  const types = query.getAll("type");
  const unknown = types.find((type) => !TYPES.includes(type));
  if (unknown !== undefined) throw badParameter(`unknown object type: ${unknown}`);
  return new Set(types.length === 0 ? TYPES : types);
}

function listContainerUsage(request: ApiRequest, engine: Engine): ApiJson[] {
  const context = { engine, hasSize: true, links: collectLinkNames(engine) };
  const newestFirst = [...engine.containers].sort((one, other) => (one.created < other.created ? 1 : -1));
  return newestFirst.map((one) => downgradeTo(request, toContainerSummary(one, context), SUMMARY_DOWNGRADES));
}

function listImageUsage(request: ApiRequest, engine: Engine): ApiJson[] {
  const toUsage = (image: Image): ApiJson => ({
    ...toImageSummary(engine, image),
    SharedSize: measureSharedLayers(engine, image),
  });
  return listTopImages(engine).map((image) =>
    replaceEmptyNames(downgradeTo(request, toUsage(image), IMAGE_DOWNGRADES)),
  );
}

/** Unlike a list of images, disk usage has null for no names. */
function replaceEmptyNames(shape: ApiJson): ApiJson {
  const toNull = (names: readonly string[] | null): readonly string[] | null => (names?.length === 0 ? null : names);
  return { ...shape, RepoDigests: toNull(shape.RepoDigests), RepoTags: toNull(shape.RepoTags) };
}

/** A volume with driver options may be anywhere, so moby does not measure it (moby volume/service, LocalVolumesSize). */
function hasNoOptions({ options }: Volume): boolean {
  return Object.keys(options ?? {}).length === 0;
}

function toVolumeUsage(engine: Engine, volume: Volume): ApiJson {
  const RefCount = listVolumeUsers(engine, volume.name).length;
  return { ...toVolumeJson(volume), UsageData: { RefCount, Size: sumSizes(volume.files.root) } };
}
