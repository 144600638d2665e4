/** moby daemon/images/image_inspect.go */

import { toImageFolders } from "../../../images/graph-driver.ts";
import { sumLayerSizes } from "../../../images/layers.ts";
import { ApiError } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import { formatRfc3339Nano, NEVER } from "../../../model/go-time.ts";
import type { Image } from "../../../model/image.ts";
import { jsonResponse } from "../../http/response.ts";
import { downgradeTo, type ResponseDowngrade } from "../../version/downgrade.ts";
import { toLegacyConfig } from "../../version/legacy-config.ts";
import { toBareId } from "../../version/legacy-image-names.ts";
import type { Endpoint } from "../endpoint.ts";
import { toConfigJson } from "./image-config.ts";

const DOWNGRADES: readonly ResponseDowngrade[] = [{ since: "1.12", downgrade: toDocumentedJson }];

export const imageInspect: Endpoint = {
  operation: "ImageInspect",
  respond: (request, engine) => {
    const { api, name } = request;
    try {
      return jsonResponse(downgradeTo(request, toInspectJson(engine.images.find(name)), DOWNGRADES));
    } catch (error) {
      throw error instanceof ApiError && !api.isLegacy
        ? new ApiError(error.status, `no such image: ${name}: ${error.message}`)
        : error;
    }
  },
};

function toInspectJson(image: Image): ApiJson {
  const { configuration, layers, lastTagged } = image;
  const size = sumLayerSizes(layers);
  return {
    Id: image.id,
    RepoTags: image.tags,
    RepoDigests: image.digests,
    Parent: image.parentId,
    Comment: configuration.comment ?? "",
    Created: formatRfc3339Nano(image.created),
    Container: configuration.container ?? "",
    ContainerConfig: toConfigJson(configuration.container_config),
    DockerVersion: configuration.docker_version ?? "",
    Author: configuration.author ?? "",
    Config: toConfigJson(configuration.config),
    Architecture: configuration.architecture ?? "",
    Os: configuration.os ?? "linux",
    Size: size,
    VirtualSize: size,
    GraphDriver: { Data: toImageFolders(layers), Name: "overlay2" },
    RootFS: { Type: "layers", ...(layers.length === 0 ? {} : { Layers: layers.map(({ diffId }) => diffId) }) },
    Metadata: { LastTagTime: lastTagged === undefined ? NEVER : formatRfc3339Nano(lastTagged) },
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
