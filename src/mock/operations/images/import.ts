/** Creates an image from a tar of files (moby daemon/images/image_import.go). */

import { createImage } from "../../images/image-configuration.ts";
import { createLayerFromTar } from "../../images/layers.ts";
import { badParameter } from "../../model/api-error.ts";
import { toContainerConfig } from "../../model/container-config.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import { parseTaggedReference } from "../../model/image-reference.ts";
import { readTar } from "../../model/read-tar.ts";
import { unpack } from "../../model/unpack.ts";
import type { Engine } from "../engine.ts";
import { applyChanges } from "./apply-changes.ts";
import { tagImage } from "./tag.ts";

export interface ImportOptions {
  readonly repo: string;
  readonly tag: string;
  readonly comment: string;
  /** Lines of a Dockerfile. */
  readonly changes: readonly string[];
}

/** Resolves with the image's id. @throws ApiError for an invalid name, invalid changes, or an unreadable tar */
export async function importImage(
  engine: Engine,
  body: Buffer,
  { repo, tag, comment, changes }: ImportOptions,
): Promise<string> {
  const reference = repo === "" ? undefined : parseTaggedReference(repo, tag);
  if (reference?.digest !== undefined) throw badParameter("cannot import digest reference");
  const config = applyChanges(toContainerConfig({}), changes);
  const archive = await unpack(body);
  const layer = createLayerFromTar(archive, await readTar(archive), undefined);
  const created = engine.time.stamp();
  const history = [{ created, createdBy: "", comment, isEmptyLayer: false }];
  const hasLabels = Object.keys(config.Labels).length > 0;
  const image = createImage({
    created,
    comment,
    dockerVersion: engine.release.version,
    config: { ...config, Labels: hasLabels ? config.Labels : null },
    history,
    layers: [layer],
  });
  engine.images.add(image);
  if (reference !== undefined) tagImage(engine, image.id, reference);
  emitImageEvent(engine, image.id, "import");
  return image.id;
}
