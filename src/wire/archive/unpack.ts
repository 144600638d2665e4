/** What is in a gzip, alike however its bytes come in pieces; also in zstd, where Node can unpack it (from 22.15). */
import { Readable, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import { createGunzip, type Gunzip } from "node:zlib";

/** As Node has it from 22.15 on. */
type Unzstd = { readonly createZstdDecompress?: () => Transform };

/** The first bytes of a frame (RFC 8878, 3.1.1). */
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** So many bytes tell what something is packed with. */
export const MAGIC_SIZE = 4;

/**
 * Unpacks what begins with `start`; undefined for what is not packed, or in a way that this Node does not know.
 * @param pieces all of it, the start too
 */
export function openPacked(start: Buffer, pieces: AsyncIterable<Buffer>): AsyncIterable<Buffer> | undefined {
  if (isGzipStart(start)) return unpackGzip(pieces);
  if (!start.subarray(0, MAGIC_SIZE).equals(ZSTD_MAGIC)) return undefined;
  const unpacked = (zlib as Unzstd).createZstdDecompress?.();
  if (unpacked === undefined) return undefined;
  const source = Readable.from(pieces).on("error", (problem) => unpacked.destroy(problem));
  return source.pipe(unpacked);
}

export function isGzipStart(start: Buffer): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/**
 * Unpacks a gzip of one or more members. Zeros behind a member end it, as padding does; what follows them is read and
 * left out.
 * @returns a stream that fails where the bytes are no gzip, and with the error of `pieces`
 */
export function unpackGzip(pieces: AsyncIterable<Buffer>): Gunzip {
  const gunzip = createGunzip();
  // Its reader gets the error. Before one reads, an error without a listener would end the process.
  gunzip.on("error", () => undefined);
  feed(pieces, gunzip).catch((problem: Error) => gunzip.destroy(problem));
  return gunzip;
}

async function feed(pieces: AsyncIterable<Buffer>, gunzip: Gunzip): Promise<void> {
  let isOver = false;
  for await (const piece of pieces) {
    if (isOver) continue;
    const before = gunzip.bytesWritten;
    await write(gunzip, piece);
    if (gunzip.destroyed) return;
    // Node's inflater has ended, but would take another piece for another member.
    isOver = gunzip.bytesWritten - before < piece.length;
  }
  gunzip.end();
}

/** Resolves when the piece is unpacked and there is room for what it became; an error is the stream's own. */
function write(gunzip: Gunzip, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    gunzip.once("close", resolve);
    gunzip.write(piece, () => {
      gunzip.off("close", resolve);
      resolve();
    });
  });
}
