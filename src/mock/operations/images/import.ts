/** An image made of a tar of files (moby daemon/images/image_import.go). */

import { decompressed } from "../../../userland/files/decompress.ts";
import { newImage } from "../../images/configuration.ts";
import { layerFromTar } from "../../images/layers.ts";
import { badParameter } from "../../model/api-error.ts";
import { configOf } from "../../model/container-config.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import { readTar } from "../../model/read-tar.ts";
import { taggedReference } from "../../model/reference.ts";
import type { Engine } from "../engine.ts";
import { changedConfig } from "./config-changes.ts";
import { tagImage } from "./tag.ts";

export interface Import {
  readonly repo: string;
  readonly tag: string;
  readonly comment: string;
  /** Lines of a Dockerfile. */
  readonly changes: readonly string[];
}

/** Resolves with the image's id. @throws Refusal for a name that is none, changes that are none, a tar that is none */
export async function importImage(
  engine: Engine,
  body: Buffer,
  { repo, tag, comment, changes }: Import,
): Promise<string> {
  const reference = repo === "" ? undefined : taggedReference(repo, tag);
  if (reference?.digest !== undefined) throw badParameter("cannot import digest reference");
  const config = changedConfig(configOf({}), changes);
  const archive = await decompressed(body);
  const layer = layerFromTar(archive, await readTar(pieces(archive)), undefined);
  const created = engine.time.stamp();
  const history = [{ created, createdBy: "", comment, isEmptyLayer: false }];
  const hasLabels = Object.keys(config.Labels).length > 0;
  const image = newImage({
    created,
    comment,
    config: { ...config, Labels: hasLabels ? config.Labels : null },
    history,
    layers: [layer],
  });
  engine.images.add(image);
  if (reference !== undefined) tagImage(engine, image.id, reference);
  emitImageEvent(engine, image.id, "import");
  return image.id;
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
