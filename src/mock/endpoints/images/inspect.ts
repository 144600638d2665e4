/** moby daemon/images/image_inspect.go */
import { createHash } from "node:crypto";
import { json } from "../../http/answer.ts";
import { chainIds, sizeOfLayers } from "../../images/layers.ts";
import { Refusal } from "../../refusal.ts";
import type { Image } from "../../state/image.ts";
import { NEVER, rfc3339Nano } from "../../time/go-time.ts";
import { type Shape, type ShapeChange, shapeFor } from "../../version/shapes.ts";
import type { Endpoint } from "../endpoint.ts";
import { oldConfig } from "../old-config.ts";
import { bareId, settingsShape } from "./shapes.ts";

const STORAGE = "/var/lib/docker/overlay2";
const CHANGES: readonly ShapeChange[] = [{ since: "1.12", before: documented }];

export const imageInspect: Endpoint = {
  operation: "ImageInspect",
  answer: ({ api, name }, engine) => {
    try {
      return json(shapeFor(api, inspected(engine.images.find(name)), CHANGES));
    } catch (error) {
      throw error instanceof Refusal && !api.isBygone
        ? new Refusal(error.status, `no such image: ${name}: ${error.message}`)
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
    GraphDriver: { Data: foldersOf(image), Name: "overlay2" },
    RootFS: { Type: "layers", ...(layers.length === 0 ? {} : { Layers: layers.map(({ diffId }) => diffId) }) },
    Metadata: { LastTagTime: lastTagged === undefined ? NEVER : rfc3339Nano(lastTagged) },
  };
}

/** Where overlay2 would have them; only the lowest has nothing below it. */
function foldersOf({ layers }: Image): Shape | null {
  const folders = chainIds(layers).map((id) => `${STORAGE}/${createHash("sha256").update(id).digest("hex")}`);
  const [top, ...lower] = folders.reverse();
  if (top === undefined) return null;
  const below = lower.length === 0 ? {} : { LowerDir: lower.map((folder) => `${folder}/diff`).join(":") };
  return { ...below, MergedDir: `${top}/merged`, UpperDir: `${top}/diff`, WorkDir: `${top}/work` };
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
