import type { StdinEvent } from "../cassette/model.ts";
import { BodyBuffer } from "./body-buffer.ts";
import type { RecordingStore } from "./store.ts";

/** What the client sends into a hijack. Its cut and timing mean nothing, so it gathers until the daemon speaks. */
export class ClientInput {
  readonly #store: RecordingStore;
  readonly #label: string;
  #bytes: BodyBuffer | undefined;
  #redactedSize = 0;

  constructor(store: RecordingStore, label: string) {
    this.#store = store;
    this.#label = label;
  }

  push(bytes: Buffer): void {
    this.#bytes ??= new BodyBuffer(this.#store, {
      label: `${this.#label}-stdin`,
      extension: ".bin",
      alwaysSidecar: false,
    });
    this.#bytes.push(bytes);
  }

  /** Bytes that may hold secrets: counted, never kept. */
  countRedacted(size: number): void {
    this.#redactedSize += size;
  }

  takeEvents(): StdinEvent[] {
    const content = this.#bytes?.finish();
    const redactedSize = this.#redactedSize;
    this.#bytes = undefined;
    this.#redactedSize = 0;
    return [
      ...(content === undefined ? [] : [{ kind: "stdin", content } as const]),
      ...(redactedSize === 0 ? [] : [{ kind: "stdin", content: { redactedSize } } as const]),
    ];
  }

  discard(): void {
    this.#bytes?.discard();
  }
}
