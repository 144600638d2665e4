import type { RecordingStore, SidecarWriter } from "../store.ts";

/** Text beyond this goes to the disk. */
const SPOOL_LIMIT = 256 * 1024;

/** Text that is appended to, of any length, in constant memory. */
export class SpooledText {
  readonly #store: RecordingStore;
  #pieces: string[] = [];
  #size = 0;
  #spool: SidecarWriter | undefined;

  constructor(store: RecordingStore) {
    this.#store = store;
  }

  write(text: string): void {
    this.#pieces.push(text);
    this.#size += text.length;
    if (this.#size <= SPOOL_LIMIT) return;
    this.#spool ??= this.#store.sidecar();
    this.#unload(this.#spool);
  }

  /** All of it, in pieces; undefined where nothing was written. To be read once. */
  finish(): Iterable<string | Buffer> | undefined {
    if (this.#spool === undefined) return this.#pieces.length === 0 ? undefined : this.#pieces;
    this.#unload(this.#spool);
    return readSpool(this.#spool);
  }

  discard(): void {
    this.#spool?.discard();
  }

  #unload(spool: SidecarWriter): void {
    for (const text of this.#pieces) spool.write(Buffer.from(text));
    this.#pieces = [];
    this.#size = 0;
  }
}

function* readSpool(spool: SidecarWriter): Generator<Buffer> {
  yield* spool.pieces();
  spool.discard();
}
