/** Searches what is packed or multiplexed in a sidecar, where its bytes do not show what is in it. */
import { WireError } from "../../base/errors.ts";
import { keepOpen, prependBytes, takeStart } from "../../base/pieces.ts";
import { listSidecarHits, type SecretHit } from "../../secrets/secret-hit.ts";
import type { SecretScanner } from "../../secrets/secret-scanner.ts";
import { readTar } from "../../wire/archive/tar.ts";
import { MAGIC_SIZE, openPacked } from "../../wire/archive/unpack.ts";
import { quoteForMessage } from "../../wire/quote.ts";
import { isFrameStart, readFrameLane } from "../../wire/streams/frame-lane.ts";
import { FRAME_HEADER_SIZE, type FrameStream } from "../../wire/streams/stdcopy.ts";

/** What is unpacked of a gzip. */
const UNPACKED_LIMIT = 256 * 1024 * 1024;
const STREAMS: readonly FrameStream[] = ["stdin", "stdout", "stderr", "systemerr"];

/** A sidecar that can be read several times. */
export interface SearchedFile {
  readonly path: string;
  read(): AsyncIterable<Buffer>;
}

/** Those in what is unpacked; none where it is not packed, and as much as can be read where it is broken. */
export async function findUnpackedSecrets(
  { path, read }: SearchedFile,
  scanner: SecretScanner,
): Promise<readonly SecretHit[]> {
  const source = read()[Symbol.asyncIterator]();
  const hits = await searchPacked(path, source, scanner);
  await source.return?.();
  return hits;
}

/** Those in members of a tar that are packed themselves, such as the layers of an image. */
export async function findMemberSecrets(
  { path, read }: SearchedFile,
  scanner: SecretScanner,
): Promise<readonly SecretHit[]> {
  const hits: SecretHit[] = [];
  try {
    await readTar(read(), async (name, content) => {
      const source = content[Symbol.asyncIterator]();
      const found = await searchPacked(`${path} in ${quoteForMessage(Buffer.from(name))}`, source, scanner);
      hits.push(...found.map((hit) => ({ ...hit, place: path })));
      for await (const _ of keepOpen(source));
      return "";
    });
  } catch (error) {
    // What is no tar has no members.
    if (!(error instanceof WireError)) throw error;
  }
  return hits;
}

/** Those that are split over frames. */
export async function findSplitSecrets(
  { path, read }: SearchedFile,
  scanner: SecretScanner,
): Promise<readonly SecretHit[]> {
  const source = read()[Symbol.asyncIterator]();
  const start = await takeStart(source, FRAME_HEADER_SIZE + 1);
  await source.return?.();
  if (!isFrameStart(start)) return [];
  const hits: SecretHit[] = [];
  for (const stream of STREAMS) {
    const found = await listSidecarHits(scanner, `${path}, ${stream},`, readFrameLane(read(), stream));
    hits.push(...found.map((hit) => ({ ...hit, place: path })));
  }
  return hits;
}

async function searchPacked(
  place: string,
  source: AsyncIterator<Buffer>,
  scanner: SecretScanner,
): Promise<readonly SecretHit[]> {
  const start = await takeStart(source, MAGIC_SIZE);
  const unpacked = openPacked(start, prependBytes(start, source));
  return unpacked === undefined ? [] : listSidecarHits(scanner, place, readSome(unpacked));
}

/** As much as can be read of what is cut, or only begins like something packed. */
async function* readSome(unpacked: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  try {
    for await (const piece of unpacked) {
      yield piece;
      size += piece.length;
      if (size > UNPACKED_LIMIT) return;
    }
  } catch {
    // It has ended.
  }
}
