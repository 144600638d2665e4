/** moby daemon/images/image_inspect.go */

import { toImageFolders } from "../../../images/graph-driver.ts";
import { sumLayerSizes } from "../../../images/layers.ts";
import { ApiError, badParameter } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import { formatRfc3339Nano, NEVER } from "../../../model/go-time.ts";
import type { Image } from "../../../model/image.ts";
import type { Engine } from "../../../operations/engine.ts";
import type { ApiRequest } from "../../http/request.ts";
import { jsonResponse } from "../../http/response.ts";
import { downgradeTo, omitMembers, type ResponseDowngrade } from "../../version/downgrade.ts";
import { toLegacyConfig } from "../../version/legacy-config.ts";
import { toBareId } from "../../version/legacy-image-names.ts";
import type { Endpoint } from "../endpoint.ts";
import { toConfigJson } from "./image-config.ts";
import { checkPlatform, readPlatform } from "./platform.ts";

/** The settings of containers that inspections of images had up to 1.49, always with these values. */
const UNUSED_SETTINGS = {
  Hostname: "",
  Domainname: "",
  AttachStdin: false,
  AttachStdout: false,
  AttachStderr: false,
  Tty: false,
  OpenStdin: false,
  StdinOnce: false,
  Image: "",
};

export const imageInspect: Endpoint = {
  operation: "ImageInspect",
  respond: (request, engine) => {
    const { name, query } = request;
    const platform = readPlatform(query);
    if (platform !== undefined && query.getFlag("manifests")) throw badParameter(CONFLICTING_OPTIONS);
    const image = findImage(request, engine);
    checkPlatform(image, name, platform);
    const json = downgradeTo(request, toInspectJson(image), listDowngrades(image));
    // dockerd 28 merges the members of older versions into text, which its encoder has escaped by then.
    return { ...jsonResponse(json), escapesHtml: !isOlderEngine(request.release, "28") };
  },
};

const CONFLICTING_OPTIONS = "conflicting options: manifests and platform options cannot both be set";

/** @throws ApiError 404, 400 */
function findImage({ api, name }: ApiRequest, engine: Engine): Image {
  try {
    return engine.images.find(name);
  } catch (error) {
    const isPlain = !(error instanceof ApiError) || api.isLegacy;
    throw isPlain ? error : new ApiError(error.status, `no such image: ${name}: ${error.message}`);
  }
}

/** From API 1.51 (moby api/server/router/image, getImagesByName). dockerd 28 sorts the members of `Config`. */
function toInspectJson(image: Image): ApiJson {
  const { configuration, layers, lastTagged } = image;
  return {
    Id: image.id,
    RepoTags: image.tags,
    RepoDigests: image.digests,
    Parent: image.parentId,
    // An image without one has that of its last step (moby daemon/images/image_inspect.go).
    Comment: configuration.comment || (configuration.history?.at(-1)?.comment ?? ""),
    Created: formatRfc3339Nano(image.created),
    DockerVersion: configuration.docker_version ?? "",
    Author: configuration.author ?? "",
    Architecture: configuration.architecture ?? "",
    Os: configuration.os ?? "linux",
    Size: sumLayerSizes(layers),
    GraphDriver: { Data: toImageFolders(layers), Name: "overlay2" },
    RootFS: { Type: "layers", ...(layers.length === 0 ? {} : { Layers: layers.map(({ diffId }) => diffId) }) },
    Metadata: { LastTagTime: lastTagged === undefined ? NEVER : formatRfc3339Nano(lastTagged) },
    Config: sortMembers(omitMembers(toConfigJson(configuration.config), ...Object.keys(UNUSED_SETTINGS))),
  };
}

/** As Go writes maps, also those in maps. */
function sortMembers(json: ApiJson): ApiJson {
  const isMap = (value: unknown): value is ApiJson =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const sorted = Object.entries(json).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, value]) => [name, isMap(value) ? sortMembers(value) : value]));
}

/** Older versions have members that are not in the newest response, but in the image. */
function listDowngrades(image: Image): readonly ResponseDowngrade[] {
  return [
    {
      since: "1.50",
      downgrade: (shape) => ({ ...shape, Config: sortMembers({ ...UNUSED_SETTINGS, ...shape.Config }) }),
    },
    { since: "1.45", downgrade: (shape) => addContainer(image, shape) },
    { since: "1.44", downgrade: addVirtualSize },
    { sinceEngine: "28", downgrade: (shape) => toOldShape(image, shape) },
    { since: "1.12", downgrade: toDocumentedJson },
  ];
}

/** dockerd 28 omits an empty `Container`. */
function addContainer({ configuration }: Image, shape: ApiJson): ApiJson {
  const { Id, RepoTags, RepoDigests, Parent, Comment, Created, ...rest } = shape;
  return {
    ...{ Id, RepoTags, RepoDigests, Parent, Comment, Created },
    ...(configuration.container ? { Container: configuration.container } : {}),
    ContainerConfig: toConfigJson(configuration.container_config),
    ...rest,
  };
}

function addVirtualSize(shape: ApiJson): ApiJson {
  const { GraphDriver, RootFS, Metadata, Config, ...rest } = shape;
  return { ...rest, VirtualSize: shape.Size, GraphDriver, RootFS, Metadata, Config };
}

/** The order and the members of dockerd 20.10. */
function toOldShape({ configuration }: Image, shape: ApiJson): ApiJson {
  const { Id, RepoTags, RepoDigests, Parent, Comment, Created, ContainerConfig, DockerVersion, Author, ...rest } =
    shape;
  return {
    ...{ Id, RepoTags, RepoDigests, Parent, Comment, Created },
    Container: configuration.container ?? "",
    ...{ ContainerConfig, DockerVersion, Author },
    Config: toConfigJson(configuration.config),
    ...omitMembers(rest, "Config", "Container"),
  };
}

/** The documents of 1.9 and earlier have the image's own JSON, with members in lower case. */
function toDocumentedJson(shape: ApiJson): ApiJson {
  return {
    id: toBareId(shape.Id),
    parent: toBareId(shape.Parent),
    created: shape.Created,
    container: shape.Container,
    container_config: toLegacyConfig(shape.ContainerConfig),
    docker_version: shape.DockerVersion,
    author: shape.Author,
    config: toLegacyConfig(shape.Config),
    architecture: shape.Architecture,
    os: shape.Os,
    Size: shape.Size,
  };
}
