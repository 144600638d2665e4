/** Images out of the archive that `docker save` writes (moby image/tarexport/load.go). */

import { decompressed } from "../../../userland/files/decompress.ts";
import type { FileNode } from "../../../userland/files/node.ts";
import { segmentsOf } from "../../../userland/files/path.ts";
import { imageFrom } from "../../images/configuration.ts";
import { layerFromTar } from "../../images/layers.ts";
import { systemError } from "../../model/api-error.ts";
import { emitImageEvent } from "../../model/emit-events.ts";
import type { Image, ImageConfiguration, Layer } from "../../model/image.ts";
import { layerStep } from "../../model/progress-bar.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { readTar } from "../../model/read-tar.ts";
import { parseReference } from "../../model/reference.ts";
import type { Engine } from "../engine.ts";

const FOLDER = "/var/lib/docker/tmp/docker-import-";
const SHORT = 12;
const SHORTEST_TAR = 512;

interface Entry {
  readonly Config: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Layers?: readonly string[] | null;
}

/** An archive's images, and the names that they are to have. */
export interface Loaded {
  readonly image: Image;
  readonly tags: readonly string[];
}

/** The daemon has them then, and says so. @throws Refusal 500 where the archive is none */
export async function loadImages(engine: Engine, body: Buffer, isQuiet: boolean, say: ProgressSink): Promise<void> {
  const folder = `${FOLDER}${engine.random.number("import", 4_000_000_000)}`;
  const known = new Set([...engine.images].flatMap(({ layers }) => layers.map(({ diffId }) => diffId)));
  const told: ProgressSink = (message) => void (isQuiet || say(message));
  for (const { image, tags } of await readArchive(body, folder)) {
    for (const { diffId, size } of image.layers) if (!known.has(diffId)) tellLayer(diffId, size, told);
    engine.images.add(image);
    for (const tag of tags) name(engine, image, tag, say);
    if (tags.length === 0) say({ stream: `Loaded image ID: ${image.id}\n` });
    emitImageEvent(engine, image.id, "load");
  }
}

function tellLayer(diffId: string, size: number, say: ProgressSink): void {
  const id = diffId.slice("sha256:".length).slice(0, SHORT);
  const total = Math.max(size, 1);
  say(layerStep("Loading layer", id, { current: Math.min(32_768, total), total }));
  say(layerStep("Loading layer", id, { current: total, total }));
}

function name(engine: Engine, image: Image, tag: string, say: ProgressSink): void {
  const owner = engine.images.lookUp(tag);
  if (owner !== undefined && owner.id !== image.id && owner.tags.includes(tag)) {
    say({
      stream: `The image ${tag} already exists, renaming the old one with ID ${owner.id} to empty string\n`,
    });
  }
  engine.images.name(image.id, parseReference(tag), engine.time.stamp());
  say({ stream: `Loaded image: ${tag}\n` });
}

/** @throws Refusal 500, as the daemon complains of what it has unpacked to `folder` */
export async function readArchive(body: Buffer, folder: string = FOLDER): Promise<Loaded[]> {
  const files = await filesIn(body);
  const manifest = files.get("manifest.json");
  if (manifest === undefined) throw missing(folder, legacyName(files));
  const entries = parsed<Entry[]>(manifest.content);
  return Promise.all(
    entries.map(async ({ Config, RepoTags, Layers }) => ({
      image: await imageIn(files, folder, Config, Layers ?? []),
      tags: RepoTags ?? [],
    })),
  );
}

async function filesIn(body: Buffer): Promise<Map<string, FileNode>> {
  if (body.length > 0 && body.length < SHORTEST_TAR) {
    throw systemError("Error processing tar file(exit status 1): unexpected EOF");
  }
  const things = await readTar(once(await decompressed(body)));
  const files = new Map<string, FileNode>();
  for (const { name, node } of things) if (node.kind === "file") files.set(segmentsOf(name).join("/"), node);
  return files;
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function imageIn(
  files: ReadonlyMap<string, FileNode>,
  folder: string,
  config: string,
  paths: readonly string[],
): Promise<Image> {
  const { content } = fileAt(files, folder, config);
  const expected = parsed<ImageConfiguration>(content).rootfs?.diff_ids ?? [];
  if (expected.length !== paths.length) {
    throw systemError(`invalid manifest, layers length mismatch: expected ${expected.length}, got ${paths.length}`);
  }
  const layers: Layer[] = [];
  for (const [index, path] of paths.entries()) {
    const archive = await decompressed(fileAt(files, folder, path).content);
    const layer = layerFromTar(archive, await readTar(once(archive)), layers.at(-1));
    if (layer.diffId !== expected[index]) {
      throw systemError(`invalid diffID for layer ${index}: expected "${expected[index]}", got "${layer.diffId}"`);
    }
    layers.push(layer);
  }
  return imageFrom(content, layers);
}

function fileAt(files: ReadonlyMap<string, FileNode>, folder: string, path: string): FileNode {
  const file = files.get(segmentsOf(path).join("/"));
  if (file === undefined) throw missing(folder, path);
  return file;
}

/** Without a manifest it looks for the form of before 1.10: a folder an image, or at least the list of names. */
function legacyName(files: ReadonlyMap<string, FileNode>): string {
  const folder = [...files.keys()].find((path) => path.includes("/"))?.split("/")[0];
  return folder === undefined ? "repositories" : `${folder}/json`;
}

function missing(folder: string, path: string): Error {
  return systemError(`open ${folder}/${path}: no such file or directory`);
}

function parsed<T>(content: Buffer): T {
  try {
    return JSON.parse(content.toString("utf8")) as T;
  } catch {
    throw systemError(`invalid character '${content.toString("utf8")[0] ?? ""}' looking for beginning of value`);
  }
}
