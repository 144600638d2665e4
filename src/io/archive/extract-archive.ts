/**
 * Unpacks a gzipped tar that comes from a stranger. Only files and folders below the target are made: no links, no
 * devices, no path that leads out, nothing twice, and no more than the limits allow.
 */
import { chmodSync, createReadStream, createWriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Header } from "tar-stream";
import { UsageError } from "../../base/errors.ts";
import { createTarExtractor } from "../../wire/archive/tar-extractor.ts";
import { quoteForMessage } from "../../wire/quote.ts";
import { createFolder } from "../disk/create-folder.ts";
import { createNoFileError } from "../disk/read-text-file.ts";
import { isPlainPath } from "./plain-path.ts";

export interface ExtractLimits {
  /** Of all files together, in bytes. */
  readonly size: number;
  readonly entries: number;
}

/**
 * Extracts the archive at `path` into the folder `into`, which has to be empty.
 * @returns the names of the files, in their order
 * @throws UsageError `WHALESONG_BAD_BUNDLE` if it is no archive, has an entry that is refused, or exceeds a limit;
 *   `WHALESONG_NO_FILE` if it cannot be read
 */
export async function extractArchive(path: string, into: string, limits: ExtractLimits): Promise<readonly string[]> {
  const unpacked = createTarExtractor();
  try {
    const [names] = await Promise.all([
      extractAll(unpacked, into, limits),
      pipeline(
        createReadStream(path),
        createGunzip(),
        (bytes: AsyncIterable<Buffer>) => guardMetadata(bytes, limits),
        unpacked as unknown as NodeJS.WritableStream,
      ),
    ]);
    return names;
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    if (isReadError(cause, path)) throw createNoFileError(path, cause);
    throw createBadBundleError(path, `it cannot be unpacked: ${(cause as Error).message}`, cause);
  }
}

/** Whether the archive is not there, is a folder, or must not be read. */
function isReadError(cause: unknown, path: string): boolean {
  const { path: failed, syscall } = cause as NodeJS.ErrnoException;
  return failed === path || syscall === "read";
}

export function createBadBundleError(path: string, why: string, cause?: unknown): UsageError {
  const message = `cannot open the bundle \`${path}\`: ${why}; get it anew from where it was made (\`whalesong bundle\`)`;
  return new UsageError("WHALESONG_BAD_BUNDLE", message, {
    fields: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

const BLOCK = 512;
/** Entries about the next entry (pax and GNU): tar-stream keeps their content in memory. */
const METADATA = "xgLK";
const LONGEST_METADATA = 64 * 1024;

/** Passes a tar on while its blocks add up to what the limits allow, and no metadata is long. */
async function* guardMetadata(bytes: AsyncIterable<Buffer>, { size, entries }: ExtractLimits): AsyncGenerator<Buffer> {
  // Each entry has a header, metadata before it, and padding behind it; the end has two blocks, and more padding.
  let left = size + entries * (LONGEST_METADATA + 4 * BLOCK);
  let content = 0;
  let header = Buffer.alloc(0);
  for await (const piece of bytes) {
    left -= piece.length;
    if (left < 0) throw createRefusal(`it unpacks to more than ${size} bytes`);
    for (let at = 0; at < piece.length; ) {
      const taken = Math.min(content > 0 ? content : BLOCK - header.length, piece.length - at);
      if (content > 0) content -= taken;
      else header = Buffer.concat([header, piece.subarray(at, at + taken)]);
      at += taken;
      if (header.length < BLOCK) continue;
      content = measureContent(header);
      header = Buffer.alloc(0);
    }
    yield piece;
  }
}

/** How many bytes follow a header, padding included. */
function measureContent(header: Buffer): number {
  const type = String.fromCharCode(header[156] ?? 0);
  const size = Number.parseInt(header.toString("latin1", 124, 136).replace(/[\0 ].*/s, "") || "0", 8);
  if (Number.isNaN(size) || (METADATA.includes(type) && size > LONGEST_METADATA))
    throw createRefusal("the header of an entry is longer than any that is needed");
  return Math.ceil(size / BLOCK) * BLOCK;
}

type Entries = AsyncIterable<AsyncIterable<Buffer> & { readonly header: Header }>;

async function extractAll(
  unpacked: ReturnType<typeof createTarExtractor>,
  into: string,
  { size, entries }: ExtractLimits,
): Promise<readonly string[]> {
  const names = new Set<string>();
  let left = size;
  let count = 0;
  for await (const entry of unpacked as unknown as Entries) {
    const name = checkEntry(entry.header);
    count += 1;
    left -= entry.header.size ?? 0;
    if (count > entries) throw createRefusal(`it has more than ${entries} entries`);
    if (left < 0) throw createRefusal(`it unpacks to more than ${size} bytes`);
    if (names.has(name)) throw createRefusal(`it has ${quoteForMessage(name)} twice`);
    if (entry.header.type === "directory") await skip(entry);
    else await extractFile(entry, join(into, name));
    if (entry.header.type === "file") names.add(name);
  }
  return [...names];
}

/** @returns the entry's path, without a slash behind it */
function checkEntry({ name, type }: Header): string {
  const plain = name.replace(/^(?:\.\/)+/, "").replace(/\/$/, "");
  if (type !== "file" && type !== "directory")
    throw createRefusal(`${quoteForMessage(name)} is a ${type}, only files and folders are unpacked`);
  if (!isPlainPath(plain))
    throw createRefusal(`the path ${quoteForMessage(name)} is not one of plain names below the bundle`);
  return plain;
}

function createRefusal(why: string): UsageError {
  return new UsageError("WHALESONG_BAD_BUNDLE", `cannot open the bundle: ${why}; nothing of it is used`);
}

async function extractFile(entry: AsyncIterable<Buffer> & { readonly header: Header }, path: string): Promise<void> {
  createFolder(dirname(path), 0o700);
  // `wx` follows no link and replaces nothing, even if something else writes into the folder meanwhile.
  await pipeline(entry, createWriteStream(path, { flags: "wx", mode: 0o600 }));
  // Beyond the umask: docker sends the permissions of files, and a replay compares them.
  chmodSync(path, ((entry.header.mode ?? 0) & 0o777) | 0o600);
}

async function skip(entry: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of entry);
}
