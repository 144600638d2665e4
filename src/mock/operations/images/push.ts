/** A push, as the daemon tells of it (moby distribution/push.go, push_v2.go). */

import { ApiError } from "../../model/api-error.ts";
import type { Credentials } from "../../model/credentials.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import type { Image } from "../../model/image.ts";
import { layerStep, layerWord } from "../../model/progress-bar.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { familiarName, familiarText, fullName, HUB, type Reference } from "../../model/reference.ts";
import type { Engine } from "../engine.ts";

const SHORT = 12;

/**
 * `to`: the repository where it goes, if it is called otherwise there.
 * @throws Refusal as the registry refuses, or where there is nothing of that name
 */
export async function push(
  engine: Engine,
  reference: Reference,
  credentials: Credentials,
  say: ProgressSink,
  to: Reference = reference,
): Promise<void> {
  say({ status: `The push refers to repository [${fullName(to)}]` });
  for (const [one, image] of chosen(engine, reference)) {
    await pushOne(engine, { ...to, tag: one.tag }, image, credentials, say);
  }
  emitImageEvent(engine, familiarText(reference), "push", familiarName(reference));
}

/** One tag, or all of the repository. */
function chosen(engine: Engine, reference: Reference): [Reference, Image][] {
  const name = familiarName(reference);
  const all = [...engine.images].flatMap((image) =>
    image.tags.filter((tag) => tag.slice(0, tag.lastIndexOf(":")) === name).map((tag) => [tag, image] as const),
  );
  if (all.length === 0) {
    const shown = reference.domain === HUB ? name : fullName(reference);
    throw new ApiError(500, `An image does not exist locally with the tag: ${shown}`);
  }
  const found = all.filter(([tag]) => reference.tag === undefined || tag === familiarText(reference));
  if (found.length === 0) throw new ApiError(500, `tag does not exist: ${familiarText(reference)}`);
  return found.map(([tag, image]) => [{ ...reference, tag: tag.slice(tag.lastIndexOf(":") + 1) }, image]);
}

async function pushOne(
  engine: Engine,
  reference: Reference,
  image: Image,
  credentials: Credentials,
  say: ProgressSink,
): Promise<void> {
  const { registry } = engine;
  const layers = image.layers.map((layer, index) => ({ layer, index })).reverse();
  const idOf = (diffId: string): string => diffId.slice("sha256:".length).slice(0, SHORT);
  for (const { layer } of layers) say(layerWord("Preparing", idOf(layer.diffId)));
  await registry.admit(reference, credentials);
  for (const { layer, index } of layers) {
    const holder = await registry.holds(reference, image, index, credentials);
    for (const message of sent(idOf(layer.diffId), layer.size, holder, reference)) say(message);
  }
  const { digest, size } = await registry.put(reference, image, credentials);
  engine.images.name(image.id, { ...reference, tag: undefined, digest });
  say({ status: `${reference.tag}: digest: ${digest} size: ${size}` });
  say({ progressDetail: {}, aux: { Tag: reference.tag, Digest: digest, Size: size } });
}

function sent(id: string, size: number, holder: string | undefined, { path }: Reference): object[] {
  if (holder === path) return [layerWord("Layer already exists", id)];
  if (holder !== undefined) return [layerWord(`Mounted from ${holder}`, id)];
  const total = Math.max(size, 1);
  const first = Math.min(35_328, total);
  const bar = [
    { current: first, total },
    { current: total + 512, total },
  ];
  return [...bar.map((step) => layerStep("Pushing", id, step)), layerWord("Pushed", id)];
}
