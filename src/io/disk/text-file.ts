import { closeSync, fchmodSync, fsyncSync, ftruncateSync, openSync, renameSync, writeSync } from "node:fs";
import type { LostDocuments } from "../../record/store.ts";
import { readPieces, withDiskErrors, writeAll } from "./disk.ts";

/** A range of bytes in a file. */
export interface FileRange {
  readonly at: number;
  readonly size: number;
}

/** Documents up to this size are written in one call, so that even kill -9 does not truncate them. */
const BATCH_SIZE = 1024 * 1024;
/** Documents up to this size, in characters, are held until `flush`, to be written together. */
const HELD_DOCUMENT = 64 * 1024;
const NEWLINE = 10;

/** The text of a cassette during a recording. */
export class TextFile {
  readonly #fd: number;
  #path: string;
  /** What is written, in bytes. */
  #end = 0;
  /** What is held, behind each other. Made for the first one. */
  #room: Buffer | undefined;
  #held = 0;
  /** Where the held documents begin. */
  #heldStarts: number[] = [];
  #lost: LostDocuments | undefined;

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
    [this.#end, this.#held, this.#heldStarts] = [0, 0, []];
    this.#append([headerText]);
  }

  /**
   * Adds the `---` in front and the last line end if they are missing. A short document is written with `flush`.
   * @throws EnvironmentError `WHALESONG_DISK`. `flush` says which documents before this one were lost with it.
   */
  appendDocument(pieces: Iterable<string | Buffer>): FileRange {
    const rest = addMarkers(pieces);
    const start = takePieces(rest, HELD_DOCUMENT);
    const size = start.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
    if (size <= HELD_DOCUMENT) return this.#hold(start, size);
    this.#writeHeld();
    return this.#append(concat(start, rest));
  }

  /** Writes what is held in one call, so that even kill -9 does not truncate it. */
  flush(): LostDocuments | undefined {
    try {
      this.#writeHeld();
    } catch {
      // What was lost says why.
    }
    const lost = this.#lost;
    this.#lost = undefined;
    return lost;
  }

  /** To be called when all is flushed. */
  pieces({ at, size }: FileRange): Iterable<Buffer> {
    return readPieces(this.#fd, at, size);
  }

  /** In bytes, with what is held. */
  get size(): number {
    return this.#end + this.#held;
  }

  moveTo(path: string): void {
    withDiskErrors("write", path, () => renameSync(this.#path, path));
    this.#path = path;
  }

  sync(): void {
    this.#writeHeld();
    withDiskErrors("write", this.#path, () => fsyncSync(this.#fd));
  }

  close(): void {
    closeSync(this.#fd);
  }

  #hold(pieces: readonly (string | Buffer)[], size: number): FileRange {
    this.#room ??= Buffer.allocUnsafeSlow(BATCH_SIZE);
    if (this.#held + size > this.#room.length) this.#writeHeld();
    const at = this.size;
    for (const piece of pieces)
      this.#held +=
        typeof piece === "string" ? this.#room.write(piece, this.#held) : piece.copy(this.#room, this.#held);
    this.#heldStarts.push(at);
    return { at, size };
  }

  /** If the disk is full, whole documents stay. */
  #writeHeld(): void {
    if (this.#held === 0) return;
    const bytes = (this.#room as Buffer).subarray(0, this.#held);
    const [end, starts] = [this.size, this.#heldStarts];
    let at = 0;
    try {
      withDiskErrors("write", this.#path, () => {
        while (at < bytes.length) at += writeSync(this.#fd, bytes, at, bytes.length - at, this.#end + at);
      });
      this.#end = end;
    } catch (problem) {
      const whole = starts.findLastIndex((start) => start <= this.#end + at);
      ftruncateSync(this.#fd, starts[whole]);
      this.#end = starts[whole] as number;
      this.#lost = { count: starts.length - whole, problem };
      throw problem;
    } finally {
      [this.#held, this.#heldStarts] = [0, []];
    }
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

/** The first pieces: all, or so many that they are more than `limit` characters. */
function takePieces(pieces: Generator<string | Buffer, void>, limit: number): readonly (string | Buffer)[] {
  const taken: (string | Buffer)[] = [];
  let size = 0;
  while (size <= limit) {
    const { value, done } = pieces.next();
    if (done === true) break;
    taken.push(value);
    size += value.length;
  }
  return taken;
}

function* concat(first: Iterable<string | Buffer>, rest: Iterable<string | Buffer>): Generator<string | Buffer> {
  yield* first;
  yield* rest;
}

function* addMarkers(pieces: Iterable<string | Buffer>): Generator<string | Buffer, void> {
  let last: string | Buffer | undefined;
  for (const piece of pieces) {
    if (piece.length === 0) continue;
    if (last === undefined && piece.slice(0, 3).toString() !== "---") yield "---\n";
    last = piece;
    yield piece;
  }
  if (last !== undefined && last.slice(-1).toString() !== "\n") yield "\n";
}
