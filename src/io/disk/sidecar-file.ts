/** A sidecar of a cassette, read-only. A cassette is untrusted input: its sidecars must lie in its folder. */

import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { joinBytes } from "../../base/bytes.ts";
import { CassetteError } from "../../base/errors.ts";
import { ignore } from "../../base/ignore.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import { createReadingMemory, type SidecarReading } from "../../cassette/sidecar-ref.ts";
import { bufferCollector } from "../buffer-collector.ts";
import { getErrno } from "../errno.ts";
import { createDiskError, PIECE_SIZE } from "./disk.ts";
import { followLinks } from "./follow-links.ts";
import { NotRegularError, openRegularFile } from "./regular-file.ts";
import { createSidecarError } from "./sidecar-error.ts";

/** One reference of one cassette, for messages and for reading. */
interface SidecarReference {
  readonly cassette: string;
  /** The folder of the cassette; of the file itself, if the cassette is a link. */
  readonly folder: string;
  readonly ref: SidecarRef;
  readonly path: string;
}

/** A file beside the cassette, which holds a body or a part of a stream. */
export interface SidecarFile {
  readonly path: string;
  /**
   * The bytes, or those of a range, in pieces of up to 256 KiB.
   * @throws CassetteError `WHALESONG_SIDECAR_MISSING`, `WHALESONG_SIDECAR_SIZE` before the first piece
   */
  pieces(options?: SidecarReading): AsyncIterable<Buffer>;
  /**
   * Reads all of it, and compares its digest; where the cassette has none, its size only.
   * @param into memory that it may be read into. @default memory of its own
   * @throws CassetteError `WHALESONG_SIDECAR_DIGEST`, `WHALESONG_SIDECAR_SIZE`, `WHALESONG_SIDECAR_MISSING`
   */
  verify(into?: Buffer): Promise<void>;
  /** All bytes, verified. */
  readAll(): Promise<Buffer>;
  /**
   * Only a large sidecar of an unfinished recording may be without a digest. It is read for the message.
   * @throws CassetteError `WHALESONG_SIDECAR_DIGEST` where the cassette has none
   */
  requireDigest(): Promise<void>;
}

/**
 * Opens the sidecar that a cassette refers to.
 * @throws CassetteError `WHALESONG_SIDECAR_PATH` if it lies outside of the cassette's folder, also through a link
 * @example
 * const ref = { path: "web/context.tar", size: 4, sha256: "".padEnd(64, "0") };
 * const { path } = openSidecar("web.yaml", ref);
 */
export function openSidecar(cassette: string, ref: SidecarRef): SidecarFile {
  const folder = dirname(followLinks(cassette));
  const path = resolve(folder, ref.path);
  const reference = { cassette, folder, ref, path };
  if (isAbsolute(ref.path) || !isInside(folder, path)) throw createOutsideError(reference, path);
  resolveRealPath(reference);
  return {
    path,
    pieces: (options) => readSidecarPieces(reference, options),
    verify: async (into = createReadingMemory(ref)) => {
      for await (const _ of verifyPieces(reference, into));
    },
    readAll: () => joinBytes(verifyPieces(reference)),
    requireDigest: () => requireDigest(reference),
  };
}

/**
 * The bytes of a sidecar; undefined where there is no such file. The error that it is missing names its line, and the
 * whole cassette is searched for that.
 */
export function readSidecarIfThere(cassette: string, ref: SidecarRef): AsyncIterable<Buffer> | undefined {
  const file = openSidecar(cassette, ref);
  return existsSync(file.path) ? file.pieces() : undefined;
}

async function* readSidecarPieces(
  reference: SidecarReference,
  { range, into }: SidecarReading = {},
): AsyncGenerator<Buffer> {
  const file = await openFile(reference);
  let next: Promise<Buffer> | undefined;
  try {
    const { size } = await file.stat();
    if (size !== reference.ref.size) throw createSizeError(reference, size);
    const { offset = 0, size: length = size } = range ?? {};
    const end = Math.min(offset + length, size);
    const halves = into && splitInHalves(into);
    next = readPiece(file, offset, halves?.[0], end);
    for (let [at, count] = [offset, 1]; at < end; count += 1) {
      const piece: Buffer = await next;
      if (piece.length === 0) throw createSizeError(reference, at);
      at += piece.length;
      // Read while this one is hashed or sent.
      next = readPiece(file, at, halves?.[count % 2], end);
      yield piece;
    }
  } finally {
    await next?.catch(ignore);
    await file.close();
  }
}

function splitInHalves(buffer: Buffer): readonly [Buffer, Buffer] {
  const half = buffer.length >> 1;
  return [buffer.subarray(0, half), buffer.subarray(half)];
}

function createPiece(size: number): Buffer {
  return Buffer.allocUnsafeSlow(size);
}

/** At `end`, an empty piece. It may fail while what reads it is busy with the piece before. */
function readPiece(file: FileHandle, at: number, into: Buffer | undefined, end: number): Promise<Buffer> {
  const buffer = into ?? createPiece(Math.min(PIECE_SIZE, end - at));
  const size = Math.min(buffer.length, end - at);
  if (size === 0) return Promise.resolve(buffer.subarray(0, 0));
  if (into === undefined) bufferCollector.note(size);
  const reading = file.read(buffer, 0, size, at).then(({ bytesRead }) => buffer.subarray(0, bytesRead));
  reading.catch(ignore);
  return reading;
}

async function requireDigest(reference: SidecarReference): Promise<void> {
  if (reference.ref.sha256 !== undefined) return;
  const hash = createHash("sha256");
  for await (const piece of readSidecarPieces(reference, { into: createReadingMemory(reference.ref) }))
    hash.update(piece);
  throw createNoDigestError(reference, hash.digest("hex"));
}

/** The pieces, and an error after the last one if the digest differs. */
async function* verifyPieces(reference: SidecarReference, into?: Buffer): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  for await (const piece of readSidecarPieces(reference, { into })) {
    hash.update(piece);
    yield piece;
  }
  const found = hash.digest("hex");
  const { sha256 = found } = reference.ref;
  if (found !== sha256) throw createDigestError(reference, found);
}

async function openFile(reference: SidecarReference): Promise<FileHandle> {
  const path = resolveRealPath(reference);
  if (path === undefined) throw createMissingError(reference);
  try {
    return await openRegularFile(path);
  } catch (cause) {
    throw cause instanceof NotRegularError
      ? createKindError(reference, cause)
      : createDiskError("read the sidecar", path, cause);
  }
}

/** The file's path with links resolved; undefined if there is no file. Throws if it lies outside of the folder. */
function resolveRealPath(reference: SidecarReference): string | undefined {
  try {
    const folder = realpathSync(reference.folder);
    const path = realpathSync(reference.path);
    if (!isInside(folder, path)) throw createOutsideError(reference, path);
    return path;
  } catch (error) {
    if (getErrno(error) === "ENOENT" || getErrno(error) === "ENOTDIR") return undefined;
    throw error instanceof CassetteError ? error : createDiskError("read the sidecar", reference.path, error);
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function createOutsideError(reference: SidecarReference, found: string): CassetteError {
  const { cassette, ref } = reference;
  const message = `the sidecar \`${ref.path}\` lies outside of the cassette's folder, at \`${found}\`; it must lie in it`;
  return createSidecarError(reference, "WHALESONG_SIDECAR_PATH", message, { cassette, path: ref.path, found });
}

function createMissingError(reference: SidecarReference): CassetteError {
  const { cassette, ref, path } = reference;
  const message = `the sidecar \`${ref.path}\` does not exist; was it left out of the commit or the copy?`;
  return createSidecarError(reference, "WHALESONG_SIDECAR_MISSING", message, { cassette, path });
}

function createKindError(reference: SidecarReference, { message: found }: NotRegularError): CassetteError {
  const { cassette, ref, path } = reference;
  const message = `cannot read the sidecar \`${ref.path}\`: ${found}; put the file there that was recorded`;
  return createSidecarError(reference, "WHALESONG_SIDECAR_PATH", message, { cassette, path });
}

function createSizeError(reference: SidecarReference, found: number): CassetteError {
  const { cassette, ref, path } = reference;
  const message = `the sidecar \`${ref.path}\` has ${found} bytes, the cassette says ${ref.size}`;
  return createSidecarError(reference, "WHALESONG_SIDECAR_SIZE", message, {
    cassette,
    path,
    found,
    expected: ref.size,
  });
}

function createDigestError(reference: SidecarReference, found: string): CassetteError {
  const { cassette, ref, path } = reference;
  const message = `the sidecar \`${ref.path}\` has the sha256 ${found}, the cassette says ${ref.sha256}`;
  return createSidecarError(reference, "WHALESONG_SIDECAR_DIGEST", message, {
    cassette,
    path,
    found,
    expected: ref.sha256,
  });
}

function createNoDigestError(reference: SidecarReference, found: string): CassetteError {
  const { cassette, ref, path } = reference;
  const message = `the cassette has no sha256 of the sidecar \`${ref.path}\`, since its recording was interrupted; write \`sha256: "${found}"\` behind its size`;
  return createSidecarError(reference, "WHALESONG_SIDECAR_DIGEST", message, { cassette, path, found });
}
