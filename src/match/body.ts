import { createHash } from "node:crypto";
import stringify from "fast-json-stable-stringify";
import { WireError } from "../base/errors.ts";
import { redactRequestBody } from "../cassette/redact.ts";
import { readTar, type TarEntry, tarDigest } from "../wire/tar.ts";
import { TAR_BODIES } from "../wire/tar-bodies.ts";
import { RANDOM_DOCKERFILE } from "./query.ts";
import type { Ruling } from "./rules/ruling.ts";

/** JSON beyond this is compared by its bytes. */
const JSON_LIMIT = 16 * 1024 * 1024;
/** What is no tar where one may be (dockerode posts a copy of its query as JSON) is looked at up to this size. */
const NO_TAR_LIMIT = 64 * 1024;
/** The size of the client's terminal. */
const CONSOLE_SIZE: ReadonlySet<string> = new Set(["json.ConsoleSize", "json.HostConfig.ConsoleSize"]);
/** Arrays whose order means nothing, and which clients write in random order (Go maps, Python sets). */
const MULTISETS: ReadonlySet<string> = new Set(["Env", "Aliases"]);

/** How a request is read: by which rules, and how today's words are said in the recording's. */
export interface Reading {
  readonly ruling: Ruling;
  readonly translate?: (text: string) => string;
}

/** What a body means: equal keys are equal bodies. `form` and what it holds explain a difference. */
export interface BodyMeaning {
  readonly key: string;
  readonly json?: unknown;
  readonly tar?: readonly TarEntry[];
  readonly size: number;
}

export const NO_BODY: BodyMeaning = { key: "", size: 0 };

export function isTarBody(operation: string, { means }: Ruling): boolean {
  return operation in TAR_BODIES && means("tars");
}

/** What the bytes of a request body mean. */
export function bodyMeaning(operation: string, body: Buffer, reading: Reading): BodyMeaning {
  if (body.length === 0) return NO_BODY;
  const plain = redactRequestBody(operation, body);
  const json = plain.length <= JSON_LIMIT ? jsonOf(plain, reading.translate) : undefined;
  if (json === undefined) return { key: `bytes:${digest(plain)}`, size: body.length };
  const compared = comparable(json.value, "json", reading.ruling);
  return { key: `json:${stringify(compared)}`, json: compared, size: body.length };
}

/** What a body means that is read piece by piece: a tar, or anything that is not. Constant memory for a tar. */
export async function streamedMeaning(
  operation: string,
  body: AsyncIterable<Buffer>,
  reading: Reading,
): Promise<BodyMeaning> {
  if (!isTarBody(operation, reading.ruling)) return bodyMeaning(operation, await gather(body), reading);
  const hash = createHash("sha256");
  const start: Buffer[] = [];
  let size = 0;
  const watched = tap(body, (piece) => {
    hash.update(piece);
    size += piece.length;
    if (size <= NO_TAR_LIMIT) start.push(piece);
  });
  const found = await entriesOf(watched);
  const entries = found?.length === 0 && !isEmptyTar(start) ? undefined : found;
  const tar = reading.ruling.means("dockerfile-names") ? withoutRandomDockerfile(entries) : entries;
  if (size === 0) return NO_BODY;
  if (tar === undefined && size <= NO_TAR_LIMIT) return bodyMeaning(operation, Buffer.concat(start), reading);
  return tar === undefined ? { key: `bytes:${hash.digest("hex")}`, size } : { key: `tar:${tarDigest(tar)}`, tar, size };
}

/** `docker build -f -` adds the Dockerfile under a random name, and that name to .dockerignore. */
function withoutRandomDockerfile(tar: readonly TarEntry[] | undefined): readonly TarEntry[] | undefined {
  if (tar?.some(({ name }) => RANDOM_DOCKERFILE.test(name)) !== true) return tar;
  const others = tar.filter(({ name }) => name !== ".dockerignore");
  return others.map((entry) => (RANDOM_DOCKERFILE.test(entry.name) ? { ...entry, name: ".dockerfile.*" } : entry));
}

/** A tar without entries has zeros alone; a few bytes of anything else read as one, too. */
function isEmptyTar(start: readonly Buffer[]): boolean {
  const [bytes] = start;
  const isGzip = bytes?.[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip || start.every((piece) => piece.every((byte) => byte === 0));
}

async function entriesOf(source: AsyncGenerator<Buffer>): Promise<TarEntry[] | undefined> {
  try {
    return await readTar(keepOpen(source));
  } catch (error) {
    if (!(error instanceof WireError) || error.code !== "WHALESONG_BAD_TAR") throw error;
    // No tar (ImageCreate also posts JSON): the rest must still be read to be compared.
    for await (const _ of source);
    return undefined;
  }
}

/** A reader that gives up would otherwise close the source behind it. */
async function* keepOpen(source: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  for (;;) {
    const { done, value } = await source.next();
    if (done) return;
    yield value;
  }
}

async function* tap(source: AsyncIterable<Buffer>, see: (piece: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const piece of source) {
    see(piece);
    yield piece;
  }
}

async function gather(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
}

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function jsonOf(bytes: Buffer, translate = (text: string) => text): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(translate(bytes.toString("utf8"))) };
  } catch {
    return undefined;
  }
}

/** The JSON without what is not compared, multisets sorted. `path` is spelled as rules spell it: `json.HostConfig.Memory`. */
function comparable(value: unknown, path: string, ruling: Ruling): unknown {
  if (Array.isArray(value)) return value.map((member) => comparable(member, path, ruling));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([name]) => isCompared(`${path}.${name}`, ruling));
  return Object.fromEntries(
    members.map(([name, member]) => [name, inOrder(name, comparable(member, `${path}.${name}`, ruling), ruling)]),
  );
}

function isCompared(field: string, { ignore, means }: Ruling): boolean {
  return !ignore.has(field) && !(CONSOLE_SIZE.has(field) && means("window-sizes"));
}

/** Whether the order of the array at this field means nothing. */
export function isMultiset(field: string): boolean {
  return MULTISETS.has(field.slice(field.lastIndexOf(".") + 1));
}

function inOrder(name: string, value: unknown, { means }: Ruling): unknown {
  return MULTISETS.has(name) && Array.isArray(value) && means("multisets") ? [...value].sort() : value;
}
