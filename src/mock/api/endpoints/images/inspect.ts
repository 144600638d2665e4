/** moby daemon/images/image_inspect.go */

import { sizeOfLayers } from "../../../images/layers.ts";
import { foldersOfImage } from "../../../images/storage.ts";
import { ApiError } from "../../../model/api-error.ts";
import { NEVER, rfc3339Nano } from "../../../model/go-time.ts";
import type { Image } from "../../../model/image.ts";
import { type Shape, type ShapeChange, shapeFor } from "../../../model/shapes.ts";
import { json } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";
import { oldConfig } from "../old-config.ts";
import { bareId, settingsShape } from "./shapes.ts";

const CHANGES: readonly ShapeChange[] = [{ since: "1.12", before: documented }];

export const imageInspect: Endpoint = {
  operation: "ImageInspect",
  answer: ({ api, name }, engine) => {
    try {
      return json(shapeFor(api, inspected(engine.images.find(name)), CHANGES));
    } catch (error) {
      throw error instanceof ApiError && !api.isBygone
        ? new ApiError(error.status, `no such image: ${name}: ${error.message}`)
        : error;
    }
  },
};

function inspected(image: Image): Shape {
  const { configuration, layers, lastTagged } = image;
  const size = sizeOfLayers(layers);
  return {
    Id: image.id,
    RepoTags: image.tags,
    RepoDigests: image.digests,
    Parent: image.parentId,
    Comment: configuration.comment ?? "",
    Created: rfc3339Nano(image.created),
    Container: configuration.container ?? "",
    ContainerConfig: settingsShape(configuration.container_config),
    DockerVersion: configuration.docker_version ?? "",
    Author: configuration.author ?? "",
    Config: settingsShape(configuration.config),
    Architecture: configuration.architecture ?? "",
    Os: configuration.os ?? "linux",
    Size: size,
    VirtualSize: size,
    GraphDriver: { Data: foldersOfImage(layers), Name: "overlay2" },
    RootFS: { Type: "layers", ...(layers.length === 0 ? {} : { Layers: layers.map(({ diffId }) => diffId) }) },
    Metadata: { LastTagTime: lastTagged === undefined ? NEVER : rfc3339Nano(lastTagged) },
  };
}

/** As the documents of 1.9 and its kin show it: the image's own JSON, in lower case. */
function documented(shape: Shape): Shape {
  return {
    id: bareId(shape.Id),
    parent: bareId(shape.Parent),
    created: shape.Created,
    container: shape.Container,
    container_config: oldConfig(shape.ContainerConfig),
    docker_version: shape.DockerVersion,
    author: shape.Author,
    config: oldConfig(shape.Config),
    architecture: shape.Architecture,
    os: shape.Os,
    Size: shape.Size,
  };
}
