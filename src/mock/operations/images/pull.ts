/** A pull, as the daemon tells of it (moby distribution/pull_v2.go, xfer/download.go). */

import { ApiError } from "../../model/api-error.ts";
import type { Credentials } from "../../model/credentials.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import type { Image, Layer } from "../../model/image.ts";
import { layerStep, layerWord } from "../../model/progress-bar.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { familiarName, familiarText, type Reference } from "../../model/reference.ts";
import type { Offer } from "../../registry/registry.ts";
import type { Engine } from "../engine.ts";

const SHORT = 12;

/**
 * Says what happens, and leaves the image among the daemon's own. Without a tag all of the repository are pulled.
 * @throws Refusal as the registry refuses
 */
export async function pull(
  engine: Engine,
  reference: Reference,
  credentials: Credentials,
  say: ProgressSink,
): Promise<Image> {
  const { registry } = engine;
  const isAll = reference.tag === undefined && reference.digest === undefined;
  const tags = isAll ? await registry.tags(reference, credentials) : [];
  const references = isAll ? tags.map((tag) => ({ ...reference, tag })) : [reference];
  let isNewer = false;
  let last: Image | undefined;
  for (const one of references) {
    const before = engine.images.lookUp(familiarText(one))?.id;
    last = await pullOne(engine, one, await registry.find(one, credentials), say);
    isNewer ||= before !== last.id;
  }
  const what = isNewer ? "Downloaded newer image" : "Image is up to date";
  say({ status: `Status: ${what} for ${familiarText(reference)}` });
  emitImageEvent(engine, familiarText(reference), "pull", familiarName(reference));
  return last as Image;
}

async function pullOne(engine: Engine, reference: Reference, offer: Offer, say: ProgressSink): Promise<Image> {
  const { image, manifest } = offer;
  say({ status: `Pulling from ${reference.path}`, id: reference.tag ?? reference.digest });
  if (engine.images.get(image.id) === undefined) await pullLayers(engine, offer, say);
  say({ status: `Digest: ${manifest.digest}` });
  engine.images.add(image);
  engine.images.name(image.id, { ...reference, tag: undefined, digest: manifest.digest });
  return reference.tag === undefined
    ? (engine.images.get(image.id) as Image)
    : engine.images.name(image.id, reference, engine.time.stamp());
}

async function pullLayers(
  engine: Engine,
  { image, manifest, delayMs, breaksAfter }: Offer,
  say: ProgressSink,
): Promise<void> {
  const known = new Set([...engine.images].flatMap(({ layers }) => layers.map(({ diffId }) => diffId)));
  const transfers = image.layers.map((layer, index) => {
    const { digest = "", size = 0 } = manifest.blobs[index] ?? {};
    return { layer, id: digest.slice("sha256:".length).slice(0, SHORT), size };
  });
  const isKnown = ({ layer }: { readonly layer: Layer }): boolean => known.has(layer.diffId);
  for (const transfer of transfers)
    say(layerWord(isKnown(transfer) ? "Already exists" : "Pulling fs layer", transfer.id));
  for (const [index, { id, size }] of transfers.filter((transfer) => !isKnown(transfer)).entries()) {
    if (breaksAfter?.layers === index) throw new ApiError(500, breaksAfter.message);
    await steps(engine, delayMs, say, layerMessages(id, size));
  }
  if (breaksAfter !== undefined) throw new ApiError(500, breaksAfter.message);
}

function layerMessages(id: string, total: number): object[] {
  const first = Math.min(32_768, total);
  return [
    layerStep("Downloading", id, { current: first, total }),
    layerStep("Downloading", id, { current: total, total }),
    layerWord("Verifying Checksum", id),
    layerWord("Download complete", id),
    layerStep("Extracting", id, { current: first, total }),
    layerStep("Extracting", id, { current: total, total }),
    layerWord("Pull complete", id),
  ];
}

/** Messages with some time before each, where the registry takes its time. */
export async function steps(
  engine: Engine,
  delayMs: number,
  say: ProgressSink,
  messages: readonly object[],
): Promise<void> {
  for (const message of messages) {
    if (delayMs > 0) await engine.time.sleep(delayMs);
    say(message);
  }
}
