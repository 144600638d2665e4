/** Creates an image from a container (moby daemon/commit.go). */

import { compareTrees } from "../../../userland/files/compare-trees.ts";
import { createDirectoryNode } from "../../../userland/files/node.ts";
import { createImage } from "../../images/image-configuration.ts";
import { createLayer, EMPTY_DIFF, withChanges } from "../../images/layers.ts";
import type { Container } from "../../model/container.ts";
import type { Image, Layer } from "../../model/image.ts";
import { getRuntime } from "../../runtime/engine-runtime.ts";
import type { Engine } from "../engine.ts";

export interface CommitOptions {
  /** The settings of containers that are created from the image. */
  readonly config: object;
  /** The container's settings, which the image's JSON keeps. */
  readonly containerConfig: object;
  /** The step in the image's history. */
  readonly createdBy: string;
  readonly comment?: string;
  readonly author?: string;
}

/** Creates the image in the daemon. The image has no name. */
export function commitContainer(engine: Engine, container: Container, options: CommitOptions): Image {
  const parent = engine.images.get(container.imageId);
  const layer = createContainerLayer(engine, container, parent);
  return addImage(engine, parent, layer, { ...options, containerId: container.id });
}

/** The container's changes as a layer over its image. Undefined without changes. */
function createContainerLayer(engine: Engine, container: Container, parent: Image | undefined): Layer | undefined {
  const { base, files } = getRuntime(engine, container);
  const changes = [...compareTrees(base, files.root)];
  if (changes.length === 0) return undefined;
  const below = parent?.layers.at(-1);
  return createLayer(withChanges(below?.root ?? createDirectoryNode(0), changes), below);
}

/** Adds an image with one more step than `parent`. A step without a layer only changes settings. */
export function addImage(
  engine: Engine,
  parent: Image | undefined,
  layer: Layer | undefined,
  { createdBy, comment = "", author = "", ...rest }: CommitOptions & { readonly containerId?: string },
): Image {
  const created = engine.time.stamp();
  const isEmpty = layer === undefined || layer.diffId === EMPTY_DIFF;
  const entry = { created, createdBy, comment, isEmptyLayer: isEmpty, ...(author === "" ? {} : { author }) };
  const image = createImage({
    ...rest,
    dockerVersion: engine.release.version,
    created,
    comment,
    author,
    history: [...(parent?.history ?? []), entry],
    layers: [...(parent?.layers ?? []), ...(isEmpty ? [] : [layer])],
    parentId: parent?.id ?? "",
  });
  return engine.images.add(image);
}
