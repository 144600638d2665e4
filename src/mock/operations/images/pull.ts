/** Pulls images, with dockerd's progress messages (moby distribution/pull_v2.go, xfer/download.go). */

import { ApiError } from "../../model/api-error.ts";
import type { Credentials } from "../../model/credentials.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import type { Image, Layer } from "../../model/image.ts";
import { type ImageReference, toFamiliarName, toFamiliarText } from "../../model/image-reference.ts";
import { toLayerProgress, toLayerStatus } from "../../model/layer-progress.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { toShortId } from "../../model/short-id.ts";
import type { RegistryImage } from "../../registry/image-registry.ts";
import type { Engine } from "../engine.ts";

/**
 * Adds the image to the daemon, and sends the progress. A reference without a tag pulls all tags of the repository.
 * @throws ApiError of the registry
 */
export async function pullImage(
  engine: Engine,
  reference: ImageReference,
  credentials: Credentials,
  send: ProgressSink,
): Promise<Image> {
  const { registry } = engine;
  const isAll = reference.tag === undefined && reference.digest === undefined;
  const tags = isAll ? await registry.listTags(reference, credentials) : [];
  const references = isAll ? tags.map((tag) => ({ ...reference, tag })) : [reference];
  let isNewer = false;
  let last: Image | undefined;
  for (const one of references) {
    const before = engine.images.lookUp(toFamiliarText(one))?.id;
    last = await pullOne(engine, one, await registry.find(one, credentials), send);
    isNewer ||= before !== last.id;
  }
  const what = isNewer ? "Downloaded newer image" : "Image is up to date";
  send({ status: `Status: ${what} for ${toFamiliarText(reference)}` });
  emitImageEvent(engine, toFamiliarText(reference), "pull", toFamiliarName(reference));
  return last as Image;
}

async function pullOne(
  engine: Engine,
  reference: ImageReference,
  source: RegistryImage,
  send: ProgressSink,
): Promise<Image> {
  const { image, manifest } = source;
  send({ status: `Pulling from ${reference.path}`, id: reference.tag ?? reference.digest });
  if (engine.images.get(image.id) === undefined) await pullLayers(engine, source, send);
  send({ status: `Digest: ${manifest.digest}` });
  engine.images.add(image);
  engine.images.addName(image.id, { ...reference, tag: undefined, digest: manifest.digest });
  return reference.tag === undefined
    ? (engine.images.get(image.id) as Image)
    : engine.images.addName(image.id, reference, engine.time.stamp());
}

async function pullLayers(
  engine: Engine,
  { image, manifest, delayMs, breaksAfter }: RegistryImage,
  send: ProgressSink,
): Promise<void> {
  const known = new Set([...engine.images].flatMap(({ layers }) => layers.map(({ diffId }) => diffId)));
  const transfers = image.layers.map((layer, index) => {
    const { digest = "", size = 0 } = manifest.blobs[index] ?? {};
    return { layer, id: toShortId(digest), size };
  });
  const isKnown = ({ layer }: { readonly layer: Layer }): boolean => known.has(layer.diffId);
  for (const transfer of transfers)
    send(toLayerStatus(isKnown(transfer) ? "Already exists" : "Pulling fs layer", transfer.id));
  for (const [index, { id, size }] of transfers.filter((transfer) => !isKnown(transfer)).entries()) {
    if (breaksAfter?.layers === index) throw new ApiError(500, breaksAfter.message);
    await sendMessages(engine, delayMs, send, createLayerMessages(id, size));
  }
  if (breaksAfter !== undefined) throw new ApiError(500, breaksAfter.message);
}

function createLayerMessages(id: string, total: number): object[] {
  const first = Math.min(32_768, total);
  return [
    toLayerProgress("Downloading", id, { current: first, total }),
    toLayerProgress("Downloading", id, { current: total, total }),
    toLayerStatus("Verifying Checksum", id),
    toLayerStatus("Download complete", id),
    toLayerProgress("Extracting", id, { current: first, total }),
    toLayerProgress("Extracting", id, { current: total, total }),
    toLayerStatus("Pull complete", id),
  ];
}

/** Sends messages, each after the registry's delay. */
async function sendMessages(
  engine: Engine,
  delayMs: number,
  send: ProgressSink,
  messages: readonly object[],
): Promise<void> {
  for (const message of messages) {
    if (delayMs > 0) await engine.time.sleep(delayMs);
    send(message);
  }
}
