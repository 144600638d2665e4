/** Reads the entries of a tar in constant memory: enough to compare two tars and to list one, not to unpack it. */

import { createHash } from "node:crypto";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Extract, Header } from "tar-stream";
import { WireError } from "../../base/errors.ts";
import { ignore } from "../../base/ignore.ts";
import { prependBytes, takeStart } from "../../base/pieces.ts";
import { createTarExtractor } from "./tar-extractor.ts";
import type { TarEntry } from "./tar-summary.ts";
import { isGzipStart, unpackGzip } from "./unpack.ts";

export { digestTar, formatTarListing, type TarEntry } from "./tar-summary.ts";

const BLOCK_SIZE = 512;

/** Makes the digest of an entry's content, which it has to read to its end. */
export type DigestContent = (name: string, content: AsyncIterable<Buffer>) => Promise<string>;

/**
 * Reads all entries, of a gzipped tar as well. Like Go, it reads zero bytes as a tar without entries.
 * @param digest @default SHA-256 of the bytes
 * @throws WireError `WHALESONG_BAD_TAR` if it is no tar; an error of `source` itself is thrown unchanged
 */
export async function readTar(
  source: AsyncIterable<Buffer>,
  digest: DigestContent = (_name, content) => digestContent(content),
): Promise<TarEntry[]> {
  const watched = new WatchedSource(source);
  const unpacked = createTarExtractor();
  const { fill, isWhole } = createBlockPadding();
  try {
    const [{ entries, end }] = await Promise.all([
      readEntries(unpacked, digest),
      unpack(watched.readBytes(), fill, unpacked),
    ]);
    if (!isWhole(end)) throw new Error("Unexpected end of data");
    return entries;
  } catch (cause) {
    if (watched.failure !== undefined) throw watched.failure.cause;
    throw new WireError("WHALESONG_BAD_TAR", `cannot read a tar: ${(cause as Error).message}`, { cause });
  }
}

/** Remembers an error of the source, to distinguish it from an error of the decoder. */
class WatchedSource {
  failure: { readonly cause: unknown } | undefined;
  readonly #source: AsyncIterable<Buffer>;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source;
  }

  async *readBytes(): AsyncGenerator<Buffer> {
    try {
      yield* this.#source;
    } catch (cause) {
      this.failure = { cause };
      throw cause;
    }
  }
}

/**
 * Pads the last block, and remembers how many bytes were real. `docker build -f - DIR` sends a tar that ends with the
 * last byte of its last file (ReplaceFileTarWrapper in docker/cli never closes it), and the daemon accepts it.
 */
function createBlockPadding(): {
  fill(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
  isWhole(end: number): boolean;
} {
  let size = 0;
  const countMissing = (): number => -size & (BLOCK_SIZE - 1);
  async function* fill(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of bytes) {
      size += piece.length;
      yield piece;
    }
    if (countMissing() > 0) yield Buffer.alloc(countMissing());
  }
  // In a padded last block the content of the last file must end: Go requires no more than that.
  return { fill, isWhole: (end) => countMissing() === 0 || (end <= size && size - end < BLOCK_SIZE - countMissing()) };
}

type Fill = (bytes: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>;

async function unpack(bytes: AsyncGenerator<Buffer>, fill: Fill, unpacked: Extract): Promise<void> {
  try {
    const start = await takeStart(bytes, 2);
    const whole = prependBytes(start, bytes);
    if (isGzipStart(start)) await pipeline(unpackGzip(whole), toWritable(unpacked));
    else await pipeline(Readable.from(fill(whole)), toWritable(unpacked));
  } finally {
    // A source that still waits for bytes must not keep the error back.
    bytes.return(undefined).catch(ignore);
  }
}

/** Whether bytes begin as a tar does (POSIX ustar, field `magic`) or one in gzip, whatever their head calls them. */
export function isTarStart(start: Buffer): boolean {
  return isGzipStart(start) || start.toString("latin1", 257, 262) === "ustar";
}

/** tar-stream's streams are of another library; a pipeline can use them as Node's Writable. */
function toWritable(unpacked: Extract): Writable {
  return unpacked as unknown as Writable;
}

/** `end`: where the last entry's content ends. */
async function readEntries(unpacked: Extract, digest: DigestContent): Promise<{ entries: TarEntry[]; end: number }> {
  const entries: TarEntry[] = [];
  let end = 0;
  for await (const entry of unpacked) {
    const content = entry as AsyncIterable<unknown> as AsyncIterable<Buffer>;
    entries.push(toTarEntry(entry.header, await digest(entry.header.name, content)));
    end = (entry.header as Header & { byteOffset: number }).byteOffset + entry.header.size;
  }
  return { entries, end };
}

async function digestContent(content: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of content) hash.update(bytes);
  return hash.digest("hex");
}

function toTarEntry({ name, type, mode, size, linkname }: Header, sha256: string): TarEntry {
  const entry = { name, type, mode, size, sha256 };
  return linkname ? { ...entry, linkname } : entry;
}
