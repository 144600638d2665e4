/** Pushes images, with dockerd's progress messages (moby distribution/push.go, push_v2.go). */

import { ApiError } from "../../model/api-error.ts";
import type { Credentials } from "../../model/credentials.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import type { Image } from "../../model/image.ts";
import { HUB, type ImageReference, toFamiliarName, toFamiliarText, toFullName } from "../../model/image-reference.ts";
import { toLayerProgress, toLayerStatus } from "../../model/layer-progress.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { toShortId } from "../../model/short-id.ts";
import type { Engine } from "../engine.ts";

/**
 * @param target the repository in the registry, if its name differs
 * @throws ApiError of the registry; 500 if the daemon has no such image
 */
export async function pushImage(
  engine: Engine,
  reference: ImageReference,
  credentials: Credentials,
  send: ProgressSink,
  target: ImageReference = reference,
): Promise<void> {
  send({ status: `The push refers to repository [${toFullName(target)}]` });
  for (const [one, image] of selectImages(engine, reference)) {
    await pushOne(engine, { ...target, tag: one.tag }, image, credentials, send);
  }
  emitImageEvent(engine, toFamiliarText(reference), "push", toFamiliarName(reference));
}

/** The tag of the reference. Without a tag, all tags of the repository. */
function selectImages(engine: Engine, reference: ImageReference): [ImageReference, Image][] {
  const name = toFamiliarName(reference);
  const all = [...engine.images].flatMap((image) =>
    image.tags.filter((tag) => tag.slice(0, tag.lastIndexOf(":")) === name).map((tag) => [tag, image] as const),
  );
  if (all.length === 0) {
    const repository = reference.domain === HUB ? name : toFullName(reference);
    throw new ApiError(500, `An image does not exist locally with the tag: ${repository}`);
  }
  const selected = all.filter(([tag]) => reference.tag === undefined || tag === toFamiliarText(reference));
  if (selected.length === 0) throw new ApiError(500, `tag does not exist: ${toFamiliarText(reference)}`);
  return selected.map(([tag, image]) => [{ ...reference, tag: tag.slice(tag.lastIndexOf(":") + 1) }, image]);
}

async function pushOne(
  engine: Engine,
  reference: ImageReference,
  image: Image,
  credentials: Credentials,
  send: ProgressSink,
): Promise<void> {
  const { registry } = engine;
  const layers = image.layers.map((layer, index) => ({ layer, index })).reverse();
  for (const { layer } of layers) send(toLayerStatus("Preparing", toShortId(layer.diffId)));
  await registry.authorizePush(reference, credentials);
  for (const { layer, index } of layers) {
    const holder = await registry.findLayer(reference, image, index, credentials);
    for (const message of createLayerMessages(toShortId(layer.diffId), layer.size, holder, reference)) send(message);
  }
  const { digest, size } = await registry.put(reference, image, credentials);
  engine.images.addName(image.id, { ...reference, tag: undefined, digest });
  send({ status: `${reference.tag}: digest: ${digest} size: ${size}` });
  send({ progressDetail: {}, aux: { Tag: reference.tag, Digest: digest, Size: size } });
}

function createLayerMessages(id: string, size: number, holder: string | undefined, { path }: ImageReference): object[] {
  if (holder === path) return [toLayerStatus("Layer already exists", id)];
  if (holder !== undefined) return [toLayerStatus(`Mounted from ${holder}`, id)];
  const total = Math.max(size, 1);
  const first = Math.min(35_328, total);
  const bar = [
    { current: first, total },
    { current: total + 512, total },
  ];
  return [...bar.map((step) => toLayerProgress("Pushing", id, step)), toLayerStatus("Pushed", id)];
}
