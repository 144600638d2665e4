/** Turns a request's body into the form in which it is compared: JSON, a tar's entries, or a digest of its bytes. */

import { createHash } from "node:crypto";
import stringify from "fast-json-stable-stringify";
import { WireError } from "../../base/errors.ts";
import { parseBoundedJson } from "../../base/parse-json.ts";
import { keepOpen, tapPieces } from "../../base/pieces.ts";
import { hasPlaceholder, isPlaceholder } from "../../secrets/placeholders.ts";
import { readImageArchive } from "../../wire/archive/image-archive.ts";
import { digestTar, readTar, type TarEntry } from "../../wire/archive/tar.ts";
import { TAR_BODIES } from "../../wire/archive/tar-bodies.ts";
import type { ResolvedRules } from "../rules/resolve-rules.ts";
import { blankSecrets } from "./blank-secrets.ts";
import { dropClientDefaults } from "./client-defaults.ts";
import { digestUnlessMasked, maskLikeRecorded } from "./masked-files.ts";
import { RANDOM_DOCKERFILE } from "./normalize-query.ts";
import { matchesRedacted } from "./redacted-values.ts";

/** Longer JSON is compared by its bytes. */
const JSON_LIMIT = 16 * 1024 * 1024;
/** Where a tar is expected, a body that is none (dockerode posts a copy of its query as JSON) is kept up to this size. */
const NO_TAR_LIMIT = 64 * 1024;
/** The size of the client's terminal. */
const CONSOLE_SIZE: ReadonlySet<string> = new Set(["json.ConsoleSize", "json.HostConfig.ConsoleSize"]);
/**
 * Arrays without an order: clients write them in random order (Go maps, Python sets). The CLI keeps binds and ulimits in
 * maps (docker/cli cli/command/container/opts.go, opts/ulimit.go).
 */
const MULTISETS: ReadonlySet<string> = new Set(["Env", "Aliases", "Binds", "Ulimits"]);
/** Labels with such an array in one text, joined by commas (compose pkg/compose/create.go ranges over a map). */
const JOINED_MULTISETS: ReadonlySet<string> = new Set(["com.docker.compose.depends_on"]);

/** How a request is normalized. */
export interface NormalizeOptions {
  readonly rules: ResolvedRules;
  /** Today's text into the recording's (match/bindings.ts). Without it, the text stays as it is. */
  readonly translate?: (text: string) => string;
}

export interface NormalizedBody {
  /** Equivalent bodies have equal keys: `json:...`, `tar:...` or `bytes:...`; empty for no body. */
  readonly key: string;
  /** Set for JSON: explains a difference member by member. */
  readonly json?: unknown;
  /** Set for a tar: explains a difference entry by entry. */
  readonly tar?: readonly TarEntry[];
  /** In bytes. */
  readonly size: number;
  /** Of a recorded body: it is nothing but a placeholder, and stands for every body. */
  readonly isRedacted?: boolean;
}

export const NO_BODY: NormalizedBody = { key: "", size: 0 };

export function isTarBody(operation: string, { allows }: ResolvedRules): boolean {
  return operation in TAR_BODIES && allows("tars");
}

export function normalizeBody(operation: string, body: Buffer, options: NormalizeOptions): NormalizedBody {
  if (body.length === 0) return NO_BODY;
  const plain = blankSecrets(operation, body);
  const json = plain.length <= JSON_LIMIT ? parseJson(plain, options.translate) : undefined;
  if (json === undefined) return describeBytes(plain, body.length);
  const { rules } = options;
  const value = rules.allows("client-releases") ? dropClientDefaults(operation, json.value) : json.value;
  if (value === undefined) return NO_BODY;
  const compared = normalizeJson(value, "json", rules);
  return { key: `json:${stringify(compared)}`, json: compared, size: body.length };
}

function describeBytes(bytes: Buffer, size: number): NormalizedBody {
  const isRedacted = bytes.length < 100 && isPlaceholder(bytes.toString("latin1"));
  return { key: `bytes:${hashBytes(bytes)}`, size, ...(isRedacted ? { isRedacted } : {}) };
}

/** Whether today's body is the recorded one, whatever it has where the recorded one has placeholders. */
export function isSameBody(recorded: NormalizedBody, got: NormalizedBody): boolean {
  if (recorded.key === got.key || recorded.isRedacted === true) return true;
  if (recorded.tar !== undefined && got.tar !== undefined)
    return recorded.key === `tar:${digestTar(maskLikeRecorded(recorded.tar, got.tar))}`;
  if (recorded.json === undefined || got.json === undefined || WITHOUT_PLACEHOLDERS.has(recorded)) return false;
  if (hasPlaceholder(recorded.key)) return matchesRedacted(recorded.key, got.key, "json");
  WITHOUT_PLACEHOLDERS.add(recorded);
  return false;
}

/** A recorded body is compared with each request of its operation; to search it for placeholders takes longer than that. */
const WITHOUT_PLACEHOLDERS = new WeakSet<NormalizedBody>();

/** Normalizes a body that is read piece by piece. A tar takes constant memory. */
export async function normalizeStreamedBody(
  operation: string,
  body: AsyncIterable<Buffer>,
  options: NormalizeOptions,
): Promise<NormalizedBody> {
  if (!isTarBody(operation, options.rules)) return normalizeBody(operation, await collect(body), options);
  const { rules } = options;
  const hash = createHash("sha256");
  const start: Buffer[] = [];
  let size = 0;
  const tapped = tapPieces(body, (piece) => {
    hash.update(piece);
    size += piece.length;
    if (size <= NO_TAR_LIMIT) start.push(piece);
  });
  const read = await readEntries(tapped, operation === "ImageLoad" && rules.allows("image-archives"));
  const entries = read?.length === 0 && !isEmptyTar(start) ? undefined : read;
  const named = rules.allows("dockerfile-names") ? withoutRandomDockerfile(entries) : entries;
  const tar = translateNames(named, options.translate)?.filter(({ name }) => !rules.ignoresFile(name));
  if (size === 0) return NO_BODY;
  if (tar === undefined && size <= NO_TAR_LIMIT) return normalizeBody(operation, Buffer.concat(start), options);
  return tar === undefined ? { key: `bytes:${hash.digest("hex")}`, size } : { key: `tar:${digestTar(tar)}`, tar, size };
}

/** A Dockerfile from elsewhere is added under a random name, and that name to .dockerignore. */
function withoutRandomDockerfile(tar: readonly TarEntry[] | undefined): readonly TarEntry[] | undefined {
  if (tar?.some(({ name }) => RANDOM_DOCKERFILE.test(name)) !== true) return tar;
  const others = tar.filter(({ name }) => name !== ".dockerignore");
  return others.map((entry) => (RANDOM_DOCKERFILE.test(entry.name) ? { ...entry, name: ".dockerfile.*" } : entry));
}

/** A file may have a name that the client has made up, and `docker cp` sends a link with its target. */
function translateNames(
  tar: readonly TarEntry[] | undefined,
  translate: NormalizeOptions["translate"],
): readonly TarEntry[] | undefined {
  if (translate === undefined) return tar;
  return tar?.map((entry) => {
    const { name, linkname } = entry;
    return { ...entry, name: translate(name), ...(linkname === undefined ? {} : { linkname: translate(linkname) }) };
  });
}

/** A few bytes of anything read as a tar without entries, but a real one consists of zeros. */
function isEmptyTar(start: readonly Buffer[]): boolean {
  const [bytes] = start;
  const isGzip = bytes?.[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip || start.every((piece) => piece.every((byte) => byte === 0));
}

async function readEntries(source: AsyncGenerator<Buffer>, isImage: boolean): Promise<TarEntry[] | undefined> {
  try {
    return await (isImage ? readImageArchive(keepOpen(source)) : readTar(keepOpen(source), digestUnlessMasked));
  } catch (error) {
    if (!(error instanceof WireError) || error.code !== "WHALESONG_BAD_TAR") throw error;
    // It is no tar (ImageCreate also posts JSON). The digest of all bytes needs the rest.
    for await (const _ of source);
    return undefined;
  }
}

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
}

function hashBytes(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function parseJson(bytes: Buffer, translate = (text: string) => text): { readonly value: unknown } | undefined {
  try {
    return { value: parseBoundedJson(translate(bytes.toString("utf8"))) };
  } catch {
    return undefined;
  }
}

/** Leaves out members that are not compared, and sorts multisets. `path` is a dotted field: `json.HostConfig.Memory`. */
function normalizeJson(value: unknown, path: string, rules: ResolvedRules): unknown {
  if (Array.isArray(value)) return value.map((member) => normalizeJson(member, path, rules));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([name]) => isCompared(`${path}.${name}`, rules));
  const normalizeMember = (name: string, member: unknown): unknown =>
    sortMultiset(name, normalizeJson(member, `${path}.${name}`, rules), rules);
  return Object.fromEntries(members.map(([name, member]) => [name, normalizeMember(name, member)]));
}

function isCompared(field: string, { ignore, allows }: ResolvedRules): boolean {
  return !ignore.has(field) && !(CONSOLE_SIZE.has(field) && allows("window-sizes"));
}

/** Whether the array at this field has no order. */
export function isMultiset(field: string): boolean {
  return MULTISETS.has(field.slice(field.lastIndexOf(".") + 1));
}

function sortMultiset(name: string, value: unknown, { allows }: ResolvedRules): unknown {
  if (!allows("multisets")) return value;
  if (JOINED_MULTISETS.has(name) && typeof value === "string") return value.split(",").sort().join(",");
  return MULTISETS.has(name) && Array.isArray(value) ? sortBy(value, SORT_KEYS[name] ?? toSortedText) : value;
}

/** A bind is sorted by its place in the container, for the one outside may have another name in each run. */
const SORT_KEYS: Readonly<Record<string, (member: unknown) => string>> = {
  Binds: (bind) => (typeof bind === "string" ? (bind.split(":")[1] ?? bind) : toSortedText(bind)),
};

function toSortedText(member: unknown): string {
  return typeof member === "string" ? member : stringify(member);
}

function sortBy(members: readonly unknown[], toKey: (member: unknown) => string): unknown[] {
  const keyed = members.map((member) => [toKey(member), toSortedText(member), member] as const);
  keyed.sort(([one, text], [other, otherText]) => compareTexts(one, other) || compareTexts(text, otherText));
  return keyed.map(([, , member]) => member);
}

function compareTexts(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
