/** A file beside the cassette. `path` is relative to the cassette's folder and lies in it. */
export interface SidecarRef {
  readonly path: string;
  readonly size: number;
  /** Of its content, in hexadecimal digits. Absent of a large one while its recording is unfinished. */
  readonly sha256?: string;
}

/** A part of a sidecar, in bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly size: number;
}

/** Which bytes of a sidecar are read, and where to. */
export interface SidecarReading {
  /** @default all */
  readonly range?: ByteRange | undefined;
  /** The pieces are read into its halves by turns; each lasts until the next one is asked for. @default each is memory of its own */
  readonly into?: Buffer | undefined;
}

/** What equal contents share: their digest. One without is only like itself. */
export function identifyContent({ sha256, path }: SidecarRef): string {
  return sha256 ?? path;
}

/** Two pieces: one is read while the other is hashed or sent. Pieces of half the size take a fifth more time. */
const READING_SIZE = 1024 * 1024;

/** Memory for `into`, as much as is of use. */
export function createReadingMemory({ size }: SidecarRef): Buffer {
  return Buffer.allocUnsafeSlow(Math.min(READING_SIZE, 2 * size + 2));
}

/** The bytes of a sidecar in pieces, which `into` may share. */
export type ReadSidecar = (sidecar: SidecarRef, reading?: SidecarReading) => AsyncIterable<Buffer>;
