import { closeSync, fchmodSync, fsyncSync, ftruncateSync, openSync, renameSync } from "node:fs";
import { readPieces, withDiskErrors, writeAll } from "./disk.ts";

/** A range of bytes in a file. */
export interface FileRange {
  readonly at: number;
  readonly size: number;
}

/** Documents up to this size are written in one call, so that even kill -9 does not truncate them. */
const BATCH_SIZE = 1024 * 1024;
const NEWLINE = 10;

/** The text of a cassette during a recording. */
export class TextFile {
  readonly #fd: number;
  #path: string;
  #end = 0;

  private constructor(path: string, fd: number) {
    this.#path = path;
    this.#fd = fd;
  }

  /** Empties the file if it exists. `mode` applies regardless of the umask. */
  static create(path: string, mode?: number): TextFile {
    return withDiskErrors("write", path, () => {
      const fd = openSync(path, "w+", 0o644);
      if (mode !== undefined) fchmodSync(fd, mode);
      return new TextFile(path, fd);
    });
  }

  /** Empties the file and writes the header. */
  restart(headerText: string): void {
    withDiskErrors("write", this.#path, () => ftruncateSync(this.#fd));
    this.#end = 0;
    this.#append([headerText]);
  }

  /** Adds the `---` in front and the last line end if they are missing. */
  appendDocument(pieces: Iterable<string | Buffer>): FileRange {
    return this.#append(addMarkers(pieces));
  }

  pieces({ at, size }: FileRange): Iterable<Buffer> {
    return readPieces(this.#fd, at, size);
  }

  /** In bytes. */
  get size(): number {
    return this.#end;
  }

  moveTo(path: string): void {
    withDiskErrors("write", path, () => renameSync(this.#path, path));
    this.#path = path;
  }

  sync(): void {
    withDiskErrors("write", this.#path, () => fsyncSync(this.#fd));
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Writes all or nothing: if the disk is full, the beginning of the document is cut off again. */
  #append(pieces: Iterable<string | Buffer>): FileRange {
    const at = this.#end;
    try {
      for (const batch of groupIntoBatches(pieces)) {
        withDiskErrors("write", this.#path, () => writeAll(this.#fd, batch, this.#end));
        this.#end += batch.length;
      }
    } catch (error) {
      ftruncateSync(this.#fd, at);
      this.#end = at;
      throw error;
    }
    return { at, size: this.#end - at };
  }
}

/**
 * Groups pieces that are written in one call. A document that takes several calls is cut within a line, because a
 * reader treats a file that ends with a whole line as complete.
 */
function* groupIntoBatches(pieces: Iterable<string | Buffer>): Generator<Buffer> {
  let [batch, size]: [Buffer[], number] = [[], 0];
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    batch.push(bytes);
    size += bytes.length;
    if (size < BATCH_SIZE) continue;
    const whole = Buffer.concat(batch, size);
    const cut = findEndWithinLine(whole);
    if (cut > 0) yield whole.subarray(0, cut);
    [batch, size] = [[whole.subarray(cut)], whole.length - cut];
  }
  if (size > 0) yield Buffer.concat(batch, size);
}

function findEndWithinLine(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === NEWLINE) end -= 1;
  return end;
}

function* addMarkers(pieces: Iterable<string | Buffer>): Generator<string | Buffer> {
  let last: string | Buffer | undefined;
  for (const piece of pieces) {
    if (piece.length === 0) continue;
    if (last === undefined && piece.slice(0, 3).toString() !== "---") yield "---\n";
    last = piece;
    yield piece;
  }
  if (last !== undefined && last.slice(-1).toString() !== "\n") yield "\n";
}
