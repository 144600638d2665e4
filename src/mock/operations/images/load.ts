/** Loads the images of an archive of `docker save` (moby image/tarexport/load.go). */

import { parseBoundedJson } from "../../../base/parse-json.ts";
import type { FileNode } from "../../../userland/files/node.ts";
import { splitPath } from "../../../userland/files/path.ts";
import { parseImage } from "../../images/image-configuration.ts";
import { createLayerFromTar } from "../../images/layers.ts";
import { systemError } from "../../model/api-error.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import type { Image, ImageConfiguration, Layer } from "../../model/image.ts";
import { parseReference } from "../../model/image-reference.ts";
import { toLayerProgress } from "../../model/layer-progress.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { readTar } from "../../model/read-tar.ts";
import { toShortId } from "../../model/short-id.ts";
import { unpack } from "../../model/unpack.ts";
import type { Engine } from "../engine.ts";

const FOLDER = "/var/lib/docker/tmp/docker-import-";
const SHORTEST_TAR = 512;

interface ArchiveEntry {
  readonly Config: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Layers?: readonly string[] | null;
}

/** An image of an archive, and its names. */
export interface LoadedImage {
  readonly image: Image;
  readonly tags: readonly string[];
}

/** Adds the images to the daemon, and sends the progress. @throws ApiError 500 for an invalid archive */
export async function loadImages(engine: Engine, body: Buffer, isQuiet: boolean, send: ProgressSink): Promise<void> {
  const folder = `${FOLDER}${engine.random.drawNumber("import", 4_000_000_000)}`;
  const known = new Set([...engine.images].flatMap(({ layers }) => layers.map(({ diffId }) => diffId)));
  const sendProgress: ProgressSink = (message) => void (isQuiet || send(message));
  for (const { image, tags } of await readArchive(body, folder)) {
    for (const { diffId, size } of image.layers) if (!known.has(diffId)) reportLayer(diffId, size, sendProgress);
    engine.images.add(image);
    for (const tag of tags) addName(engine, image, tag, send);
    if (tags.length === 0) send({ stream: `Loaded image ID: ${image.id}\n` });
    emitImageEvent(engine, image.id, "load");
  }
}

function reportLayer(diffId: string, size: number, send: ProgressSink): void {
  const id = toShortId(diffId);
  const total = Math.max(size, 1);
  send(toLayerProgress("Loading layer", id, { current: Math.min(32_768, total), total }));
  send(toLayerProgress("Loading layer", id, { current: total, total }));
}

function addName(engine: Engine, image: Image, tag: string, send: ProgressSink): void {
  const owner = engine.images.lookUp(tag);
  if (owner !== undefined && owner.id !== image.id && owner.tags.includes(tag)) {
    send({
      stream: `The image ${tag} already exists, renaming the old one with ID ${owner.id} to empty string\n`,
    });
  }
  engine.images.addName(image.id, parseReference(tag), engine.time.stamp());
  send({ stream: `Loaded image: ${tag}\n` });
}

/**
 * @param folder where dockerd would unpack the archive; its errors name it
 * @throws ApiError 500 for an invalid archive
 */
export async function readArchive(body: Buffer, folder: string = FOLDER): Promise<LoadedImage[]> {
  const files = await readFiles(body);
  const manifest = files.get("manifest.json");
  if (manifest === undefined) throw createMissingError(folder, findLegacyName(files));
  const entries = parseJson<ArchiveEntry[]>(manifest.content);
  return Promise.all(
    entries.map(async ({ Config, RepoTags, Layers }) => ({
      image: await readImage(files, folder, Config, Layers ?? []),
      tags: RepoTags ?? [],
    })),
  );
}

async function readFiles(body: Buffer): Promise<Map<string, FileNode>> {
  if (body.length > 0 && body.length < SHORTEST_TAR) {
    throw systemError("Error processing tar file(exit status 1): unexpected EOF");
  }
  const things = await readTar(await unpack(body));
  const files = new Map<string, FileNode>();
  for (const { name, node } of things) if (node.kind === "file") files.set(splitPath(name).join("/"), node);
  return files;
}

async function readImage(
  files: ReadonlyMap<string, FileNode>,
  folder: string,
  config: string,
  paths: readonly string[],
): Promise<Image> {
  const { content } = getFile(files, folder, config);
  const expected = parseJson<ImageConfiguration>(content).rootfs?.diff_ids ?? [];
  if (expected.length !== paths.length) {
    throw systemError(`invalid manifest, layers length mismatch: expected ${expected.length}, got ${paths.length}`);
  }
  const layers: Layer[] = [];
  for (const [index, path] of paths.entries()) {
    const archive = await unpack(getFile(files, folder, path).content);
    const layer = createLayerFromTar(archive, await readTar(archive), layers.at(-1));
    if (layer.diffId !== expected[index]) {
      throw systemError(`invalid diffID for layer ${index}: expected "${expected[index]}", got "${layer.diffId}"`);
    }
    layers.push(layer);
  }
  return parseImage(content, layers);
}

function getFile(files: ReadonlyMap<string, FileNode>, folder: string, path: string): FileNode {
  const file = files.get(splitPath(path).join("/"));
  if (file === undefined) throw createMissingError(folder, path);
  return file;
}

/** Without a manifest, dockerd looks for the format of before 1.10: a folder for each image, or the list of names. */
function findLegacyName(files: ReadonlyMap<string, FileNode>): string {
  const folder = [...files.keys()].find((path) => path.includes("/"))?.split("/")[0];
  return folder === undefined ? "repositories" : `${folder}/json`;
}

function createMissingError(folder: string, path: string): Error {
  return systemError(`open ${folder}/${path}: no such file or directory`);
}

function parseJson<T>(content: Buffer): T {
  try {
    return parseBoundedJson(content.toString("utf8")) as T;
  } catch {
    throw systemError(`invalid character '${content.toString("utf8")[0] ?? ""}' looking for beginning of value`);
  }
}
