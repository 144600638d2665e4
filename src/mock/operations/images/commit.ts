/** An image made from a container (moby daemon/commit.go). */

import { changesBetween } from "../../../userland/files/changes.ts";
import { directoryNode } from "../../../userland/files/node.ts";
import { newImage } from "../../images/configuration.ts";
import { EMPTY_DIFF, layerOf, withChanges } from "../../images/layers.ts";
import type { Container } from "../../model/container.ts";
import type { Image, Layer } from "../../model/image.ts";
import { runtimeOf } from "../../runtime/engine-runtime.ts";
import type { Engine } from "../engine.ts";

export interface Commit {
  /** What containers made from it shall have. */
  readonly config: object;
  /** What the container had, as the image remembers it. */
  readonly containerConfig: object;
  readonly createdBy: string;
  readonly comment?: string;
  readonly author?: string;
}

/** The image is among the daemon's own then; it has no name. */
export function commitContainer(engine: Engine, container: Container, commit: Commit): Image {
  const parent = engine.images.get(container.imageId);
  const layer = layerOfContainer(engine, container, parent);
  return addImage(engine, parent, layer, { ...commit, containerId: container.id });
}

/** What the container has changed, over what its image has; undefined where it has changed nothing. */
function layerOfContainer(engine: Engine, container: Container, parent: Image | undefined): Layer | undefined {
  const { base, files } = runtimeOf(engine, container);
  const changes = [...changesBetween(base, files.root)];
  if (changes.length === 0) return undefined;
  const below = parent?.layers.at(-1);
  return layerOf(withChanges(below?.root ?? directoryNode(0), changes), below);
}

/** A new image of one more step than `parent`. Without a layer the step has only changed settings. */
export function addImage(
  engine: Engine,
  parent: Image | undefined,
  layer: Layer | undefined,
  { createdBy, comment = "", author = "", ...rest }: Commit & { readonly containerId?: string },
): Image {
  const created = engine.time.stamp();
  const isEmpty = layer === undefined || layer.diffId === EMPTY_DIFF;
  const entry = { created, createdBy, comment, isEmptyLayer: isEmpty, ...(author === "" ? {} : { author }) };
  const image = newImage({
    ...rest,
    created,
    comment,
    author,
    history: [...(parent?.history ?? []), entry],
    layers: [...(parent?.layers ?? []), ...(isEmpty ? [] : [layer])],
    parentId: parent?.id ?? "",
  });
  return engine.images.add(image);
}
