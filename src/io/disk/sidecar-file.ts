/** A sidecar of a cassette, read-only. The cassette may come from a stranger: what it names must lie in its folder. */
import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { CassetteError } from "../../base/errors.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import { errnoOf } from "../errno.ts";
import { diskError, PIECE_SIZE } from "./disk.ts";
import { sidecarFault } from "./sidecar-fault.ts";

/** One reference of one cassette, for messages and for reading. */
interface Reference {
  readonly cassette: string;
  readonly ref: SidecarRef;
  readonly path: string;
}

export interface SidecarFile {
  readonly path: string;
  /**
   * The bytes, in fresh buffers of `size` (256 KiB).
   * @throws CassetteError `WHALESONG_SIDECAR_MISSING`, `WHALESONG_SIDECAR_SIZE` before the first piece
   */
  pieces(size?: number): AsyncIterable<Buffer>;
  /** @throws CassetteError `WHALESONG_SIDECAR_DIGEST`, `WHALESONG_SIDECAR_SIZE`, `WHALESONG_SIDECAR_MISSING` */
  verify(): Promise<void>;
  /** All bytes, verified. */
  readAll(): Promise<Buffer>;
}

/**
 * The sidecar that a cassette refers to.
 * @throws CassetteError `WHALESONG_SIDECAR_PATH` if it lies outside of the cassette's folder, also through a link
 */
export function sidecarFile(cassette: string, ref: SidecarRef): SidecarFile {
  const path = resolve(dirname(cassette), ref.path);
  const reference = { cassette, ref, path };
  if (isAbsolute(ref.path) || !isInside(resolve(dirname(cassette)), path)) throw outside(reference, path);
  realPath(reference);
  return {
    path,
    pieces: (size = PIECE_SIZE) => pieces(reference, size),
    verify: async () => {
      for await (const _ of verified(reference));
    },
    readAll: () => joined(verified(reference)),
  };
}

async function* pieces(reference: Reference, pieceSize: number): AsyncGenerator<Buffer> {
  const file = await opened(reference);
  try {
    const { size } = await file.stat();
    if (size !== reference.ref.size) throw wrongSize(reference, size);
    for (let at = 0; at < size; ) {
      const piece = await nextPiece(file, at, Math.min(pieceSize, size - at));
      if (piece.length === 0) throw wrongSize(reference, at);
      at += piece.length;
      yield piece;
    }
  } finally {
    await file.close();
  }
}

async function nextPiece(file: FileHandle, at: number, size: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(size), 0, size, at);
  return buffer.subarray(0, bytesRead);
}

/** The pieces, and an error at their end if they were not those that were recorded. */
async function* verified(reference: Reference): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  for await (const piece of pieces(reference, PIECE_SIZE)) {
    hash.update(piece);
    yield piece;
  }
  const found = hash.digest("hex");
  if (found !== reference.ref.sha256) throw wrongDigest(reference, found);
}

async function joined(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function opened(reference: Reference): Promise<FileHandle> {
  const path = realPath(reference);
  if (path === undefined) throw missing(reference);
  try {
    return await open(path, "r");
  } catch (cause) {
    throw diskError("read the sidecar", path, cause);
  }
}

/** Where the file really is, links followed; undefined if nowhere. Throws if that is outside. */
function realPath(reference: Reference): string | undefined {
  try {
    const folder = realpathSync(dirname(reference.cassette));
    const path = realpathSync(reference.path);
    if (!isInside(folder, path)) throw outside(reference, path);
    return path;
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return undefined;
    throw error instanceof CassetteError ? error : diskError("read the sidecar", reference.path, error);
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function outside(reference: Reference, found: string): CassetteError {
  const { cassette, ref } = reference;
  const message = `the sidecar \`${ref.path}\` lies outside of the cassette's folder, at \`${found}\`; it must lie in it`;
  return sidecarFault(reference, "WHALESONG_SIDECAR_PATH", message, { cassette, path: ref.path, found });
}

function missing(reference: Reference): CassetteError {
  const { cassette, ref, path } = reference;
  const message = `the sidecar \`${ref.path}\` does not exist; was it left out of the commit or the copy?`;
  return sidecarFault(reference, "WHALESONG_SIDECAR_MISSING", message, { cassette, path });
}

function wrongSize(reference: Reference, found: number): CassetteError {
  const { cassette, ref, path } = reference;
  const message = `the sidecar \`${ref.path}\` has ${found} bytes, the cassette says ${ref.size}`;
  return sidecarFault(reference, "WHALESONG_SIDECAR_SIZE", message, { cassette, path, found, expected: ref.size });
}

function wrongDigest(reference: Reference, found: string): CassetteError {
  const { cassette, ref, path } = reference;
  const message = `the sidecar \`${ref.path}\` has the sha256 ${found}, the cassette says ${ref.sha256}`;
  return sidecarFault(reference, "WHALESONG_SIDECAR_DIGEST", message, { cassette, path, found, expected: ref.sha256 });
}
