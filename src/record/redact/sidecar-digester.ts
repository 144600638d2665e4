/**
 * Reads the sidecars of a recording for its last look. A large one has no digest when it is finished
 * (docs/decisions/0062): it is computed here, of the bytes that pass, and the sidecar gets the name of its content.
 */
import { createHash } from "node:crypto";
import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import type { RecordingStore } from "../store.ts";

/** What can be read of a recording that is searched. */
export interface SidecarSource {
  /** The bytes of a sidecar; one that is not there any more has none. */
  read(sidecar: SidecarRef, into?: Buffer): AsyncIterable<Buffer>;
  /**
   * The sidecar as the cassette refers to it. To be called when all of it was read.
   * @default as it is
   */
  settle?(sidecar: SidecarRef): Promise<SidecarRef>;
}

export class SidecarDigester implements SidecarSource {
  readonly #store: RecordingStore;
  readonly #digests = new Map<string, string>();
  readonly #settled = new Map<string, SidecarRef>();

  constructor(store: RecordingStore) {
    this.#store = store;
  }

  read(sidecar: SidecarRef, into?: Buffer): AsyncIterable<Buffer> {
    const pieces = this.#store.read(sidecar, into);
    const isKnown = sidecar.sha256 !== undefined || this.#digests.has(sidecar.path);
    return isKnown ? pieces : this.#digest(sidecar, pieces);
  }

  async settle(sidecar: SidecarRef): Promise<SidecarRef> {
    if (sidecar.sha256 !== undefined) return sidecar;
    const settled = this.#settled.get(sidecar.path) ?? this.#settle(sidecar, await this.#findDigest(sidecar));
    this.#settled.set(sidecar.path, settled);
    return settled;
  }

  #settle(sidecar: SidecarRef, sha256: string): SidecarRef {
    return this.#store.settle?.(sidecar, sha256) ?? { ...sidecar, sha256 };
  }

  async #findDigest(sidecar: SidecarRef): Promise<string> {
    // A search that found enough has not read it to its end.
    if (!this.#digests.has(sidecar.path)) for await (const _ of this.read(sidecar));
    return this.#digests.get(sidecar.path) as string;
  }

  async *#digest({ path }: SidecarRef, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const hash = createHash("sha256");
    for await (const piece of pieces) {
      hash.update(piece);
      yield piece;
    }
    this.#digests.set(path, hash.digest("hex"));
  }
}
