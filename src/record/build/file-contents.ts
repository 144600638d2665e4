/** The contents of a tree's files while they come, in any order and interleaved, in memory that does not grow with them. */
import { createHash, type Hash } from "node:crypto";
import type { RecordingStore, SidecarWriter } from "../store.ts";

/** A content beyond this goes to the disk while it comes. */
const MEMORY_LIMIT = 256 * 1024;

/** One file's content. Pieces are kept until there are many. */
export class FileContent {
  readonly #store: RecordingStore;
  #pieces: Buffer[] = [];
  #size = 0;
  #spool: SidecarWriter | undefined;

  constructor(store: RecordingStore) {
    this.#store = store;
  }

  get size(): number {
    return this.#size;
  }

  push(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#spool !== undefined) this.#spool.write(bytes);
    else this.#keep(bytes);
  }

  /** To be read once. */
  *read(): Generator<Buffer> {
    if (this.#spool === undefined) yield* this.#pieces;
    else yield* this.#spool.pieces();
    this.discard();
  }

  discard(): void {
    this.#spool?.discard();
    this.#spool = undefined;
    this.#pieces = [];
  }

  /** Copies: a piece is a part of what was read, which need not stay for it. */
  #keep(bytes: Buffer): void {
    this.#pieces.push(Buffer.from(bytes));
    if (this.#size <= MEMORY_LIMIT) return;
    this.#spool = this.#store.sidecar();
    for (const piece of this.#pieces) this.#spool.write(piece);
    this.#pieces = [];
  }
}

/** Only the digest of a content. */
export class DigestedContent {
  readonly #hash: Hash = createHash("sha256");

  push(bytes: Buffer): void {
    this.#hash.update(bytes);
  }

  finish(): string {
    return this.#hash.digest("hex");
  }
}
