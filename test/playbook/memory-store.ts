import { createHash } from "node:crypto";
import type { SidecarRef } from "../../src/cassette/model.ts";
import type { CassetteCheck, RecordingStore, SidecarWriter } from "../../src/record/store.ts";

/** A recording in memory. `written` is all that ever came to it, for looking for what never should. */
export class MemoryStore implements RecordingStore {
  header = "";
  text = "";
  readonly documents: string[] = [];
  readonly sidecars = new Map<string, Buffer>();
  readonly written: Buffer[] = [];
  isDiscarded = false;
  isReleased = false;
  /** Sidecars that were begun and neither finished nor discarded. */
  openDrafts = 0;

  begin(headerText: string): void {
    if (this.documents.length > 0) throw new Error("the header cannot be begun again: documents follow it");
    this.header = this.#note(headerText);
  }

  append(pieces: Iterable<string | Buffer>): number {
    const document = Buffer.concat([...pieces].map((piece) => Buffer.from(piece as string)));
    this.documents.push(this.#note(document.toString()));
    return this.documents.length - 1;
  }

  async *read({ path }: SidecarRef): AsyncGenerator<Buffer> {
    yield this.sidecars.get(path) as Buffer;
  }

  sidecar(): SidecarWriter {
    this.openDrafts += 1;
    return new MemorySidecar(this);
  }

  readDocument(number: number): string {
    return this.documents[number] as string;
  }

  finish(headerText: string, documents: Iterable<number | string>, check?: CassetteCheck): void {
    const texts = Array.from(documents, (each) => (typeof each === "string" ? each : this.readDocument(each)));
    const text = headerText + texts.join("");
    const refusal = check?.inspect(Buffer.from(text), "run.yaml");
    if (refusal !== undefined) throw refusal.problem;
    this.text = this.#note(text);
  }

  discard(): void {
    this.isDiscarded = true;
  }

  release(): undefined {
    this.isReleased = true;
  }

  #note(text: string): string {
    this.written.push(Buffer.from(text));
    return text;
  }
}

class MemorySidecar implements SidecarWriter {
  readonly #store: MemoryStore;
  readonly #pieces: Buffer[] = [];
  #isOver = false;
  size = 0;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  write(bytes: Buffer): void {
    if (this.#isOver) throw new Error("this sidecar was finished or discarded");
    // A copy, as a disk would have it.
    this.#pieces.push(Buffer.from(bytes));
    this.#store.written.push(Buffer.from(bytes));
    this.size += bytes.length;
  }

  finish(label: string, extension: string): SidecarRef {
    this.#close();
    const bytes = Buffer.concat(this.#pieces);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const path = `run/${label}-${sha256.slice(0, 8)}${extension}`;
    this.#store.sidecars.set(path, bytes);
    return { path, size: this.size, sha256 };
  }

  discard(): void {
    if (!this.#isOver) this.#close();
  }

  *pieces(): Generator<Buffer> {
    for (const piece of this.#pieces) yield piece;
  }

  #close(): void {
    if (this.#isOver) throw new Error("this sidecar was finished or discarded");
    this.#isOver = true;
    this.#store.openDrafts -= 1;
  }
}
