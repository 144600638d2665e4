import type { StdinEvent } from "../../cassette/model.ts";
import type { RecordingStore } from "../store.ts";
import { BodyBuffer } from "./body-buffer.ts";

/** What the client sends into a hijack. Its cut and timing mean nothing, so it gathers until the daemon speaks. */
export class ClientInput {
  readonly #store: RecordingStore;
  readonly #label: string;
  #bytes: BodyBuffer | undefined;

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

  takeEvents(): StdinEvent[] {
    const content = this.#bytes?.finish();
    this.#bytes = undefined;
    return content === undefined ? [] : [{ kind: "stdin", content }];
  }

  discard(): void {
    this.#bytes?.discard();
  }
}
