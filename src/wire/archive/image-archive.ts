/**
 * Image archives by what they mean: `docker save` of docker's format and of OCI's. The names of their members are digests
 * of their contents, so a layer that is built anew renames most of them. What counts is how an image is tagged, how it is
 * configured, and what its layers contain (moby image/tarexport, OCI image-layout.md).
 */

import { createHash } from "node:crypto";
import { posix } from "node:path";
import stringify from "fast-json-stable-stringify";
import { parseBoundedJson } from "../../base/parse-json.ts";
import { keepOpen, tapPieces } from "../../base/pieces.ts";
import { digestTar, readTar, type TarEntry } from "./tar.ts";

/** Longer JSON is no manifest. */
const JSON_LIMIT = 1024 * 1024;
/** Digests are not verified, so that an index may lead to itself. */
const MOST_MANIFESTS = 1000;
/** What the moment of a build leaves in a configuration, and the digests of what is compared itself. */
const VARYING: ReadonlySet<string> = new Set(["created", "container", "container_config", "diff_ids", "id", "parent"]);
const VARYING_IN_CONFIG: ReadonlySet<string> = new Set(["Hostname", "Image"]);

type JsonObject = Readonly<Record<string, unknown>>;

/** The members of an archive: their contents by meaning, and the JSON among them. */
interface ArchiveMembers {
  readonly entries: ReadonlyMap<string, TarEntry>;
  readonly json: ReadonlyMap<string, unknown>;
}

/** One image, by the names of its members. */
interface ImageParts {
  readonly tags: readonly string[];
  readonly config: string;
  readonly layers: readonly string[];
}

/**
 * Reads an archive in constant memory, save for its JSON.
 * @returns an entry for each image's tags, its configuration and each of its layers, in their order; the archive's own
 *   entries if it has no manifest
 * @throws WireError `WHALESONG_BAD_TAR` if it is no tar
 */
export async function readImageArchive(source: AsyncIterable<Buffer>): Promise<TarEntry[]> {
  const json = new Map<string, unknown>();
  const read = await readTar(source, (name, content) => digestMember(content, (value) => json.set(name, value)));
  const members = { entries: new Map(read.map((entry) => [entry.name, entry])), json };
  const images = findImages(members);
  return images.length === 0 ? read : images.flatMap((image, at) => describeImage(image, members, at + 1));
}

/** A tar counts by its entries, JSON and all else by its bytes. */
async function digestMember(content: AsyncIterable<Buffer>, onJson: (value: unknown) => void): Promise<string> {
  const start: Buffer[] = [];
  const hash = createHash("sha256");
  let size = 0;
  const pieces = tapPieces(content, (piece) => {
    hash.update(piece);
    size += piece.length;
    if (size <= JSON_LIMIT) start.push(piece);
  });
  const entries = await readNestedTar(pieces);
  for await (const _ of pieces);
  if (entries !== undefined && entries.length > 0) return digestTar(entries);
  if (size <= JSON_LIMIT) noteJson(Buffer.concat(start), onJson);
  return hash.digest("hex");
}

async function readNestedTar(pieces: AsyncGenerator<Buffer>): Promise<TarEntry[] | undefined> {
  try {
    return await readTar(keepOpen(pieces));
  } catch {
    return undefined;
  }
}

function noteJson(bytes: Buffer, onJson: (value: unknown) => void): void {
  try {
    onJson(parseBoundedJson(bytes.toString("utf8")));
  } catch {
    // A layer that is no tar, or a version file.
  }
}

/** docker's manifest.json also stands in archives of OCI's layout that docker wrote; it names the tags as a client does. */
function findImages({ json }: ArchiveMembers): readonly ImageParts[] {
  const manifest = json.get("manifest.json");
  if (Array.isArray(manifest)) return manifest.flatMap(readDockerManifest);
  return readOciManifests(listObjects(json.get("index.json"), "manifests"), json);
}

function readDockerManifest(image: unknown): ImageParts[] {
  if (!isObject(image) || typeof image.Config !== "string" || !Array.isArray(image.Layers)) return [];
  const tags = Array.isArray(image.RepoTags) ? image.RepoTags.map(String) : [];
  return [{ tags, config: image.Config, layers: image.Layers.map(String) }];
}

/** An index may point to another one, of several platforms. */
function readOciManifests(
  descriptors: readonly JsonObject[],
  json: ReadonlyMap<string, unknown>,
  budget = { left: MOST_MANIFESTS },
): ImageParts[] {
  return descriptors.flatMap((descriptor) => {
    budget.left -= 1;
    if (budget.left < 0) return [];
    const manifest = json.get(toBlobName(descriptor));
    const nested = listObjects(manifest, "manifests");
    const { annotations } = descriptor;
    if (nested.length > 0) {
      const tagged = nested.map((one) => ({ ...one, annotations }));
      return readOciManifests(tagged, json, budget);
    }
    if (!isObject(manifest) || !isObject(manifest.config)) return [];
    const name = isObject(annotations) ? annotations["io.containerd.image.name"] : undefined;
    const layers = listObjects(manifest, "layers").map(toBlobName);
    return [{ tags: typeof name === "string" ? [name] : [], config: toBlobName(manifest.config), layers }];
  });
}

function toBlobName({ digest }: JsonObject): string {
  return `blobs/${String(digest).replace(":", "/")}`;
}

function describeImage({ tags, config, layers }: ImageParts, members: ArchiveMembers, number: number): TarEntry[] {
  const describe = (part: string, sha256: string): TarEntry => {
    return { name: `image-${number}/${part}`, type: "file", mode: 0o644, size: 0, sha256 };
  };
  return [
    describe("tags", hashText([...tags].sort().join())),
    describe("config", hashText(stringify(withoutVarying(members.json.get(config), VARYING)))),
    ...layers.map((layer, at) => describe(`layer-${at + 1}`, findContent(layer, members) ?? layer)),
  ];
}

/** A layer that occurs twice is a link to the first one (moby image/tarexport/save.go). */
function findContent(name: string, { entries }: ArchiveMembers): string | undefined {
  const entry = entries.get(name);
  if (entry?.linkname === undefined) return entry?.sha256;
  return entries.get(posix.join(posix.dirname(name), entry.linkname))?.sha256;
}

function withoutVarying(value: unknown, varying: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutVarying(item, varying));
  if (!isObject(value)) return value ?? null;
  const members = Object.entries(value).filter(([name]) => !varying.has(name));
  return Object.fromEntries(
    members.map(([name, member]) => [name, withoutVarying(member, name === "config" ? VARYING_IN_CONFIG : varying)]),
  );
}

function listObjects(value: unknown, member: string): readonly JsonObject[] {
  const list = isObject(value) ? value[member] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
