import { INLINE_LIMIT } from "../cassette/chunks.ts";
import type { RecordedBody } from "../cassette/model.ts";
import type { RecordingStore, SidecarWriter } from "./store.ts";

/** How a body is kept. */
export interface BodyPolicy {
  /** Name and ending of the sidecar, should there be one: `build`, `.tar`. */
  readonly label: string;
  readonly extension: string;
  /** Tars stand beside the cassette whatever their size. */
  readonly alwaysSidecar: boolean;
  /** A body that holds secrets stays in memory until they are blanked; undefined: nothing to blank. */
  readonly redact?: (bytes: Buffer) => Buffer;
}

/** A body with secrets that is larger than this is not kept at all, only blanked. */
const REDACTION_LIMIT = 1024 * 1024;

/** Collects a body of any size in constant memory. */
export class BodyBuffer {
  readonly #store: RecordingStore;
  readonly #policy: BodyPolicy;
  #pieces: Buffer[] = [];
  #size = 0;
  #sidecar: SidecarWriter | undefined;

  constructor(store: RecordingStore, policy: BodyPolicy) {
    this.#store = store;
    this.#policy = policy;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether what is kept may be of another length than what passed. */
  get isRedacted(): boolean {
    return this.#policy.redact !== undefined;
  }

  push(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#sidecar !== undefined) this.#sidecar.write(bytes);
    else this.#keep(bytes);
  }

  /** The body so far, in its lasting place. */
  finish(): RecordedBody | undefined {
    if (this.#sidecar !== undefined) return this.#sidecar.finish(this.#policy.label, this.#policy.extension);
    if (this.#size === 0) return undefined;
    const bytes = Buffer.concat(this.#pieces);
    return this.#policy.redact?.(this.#isTooSecret() ? Buffer.alloc(1) : bytes) ?? bytes;
  }

  discard(): void {
    this.#sidecar?.discard();
    this.#sidecar = undefined;
    this.#pieces = [];
  }

  #keep(bytes: Buffer): void {
    if (this.#policy.redact !== undefined && this.#isTooSecret()) return;
    this.#pieces.push(bytes);
    const isLarge = this.#size > INLINE_LIMIT || this.#policy.alwaysSidecar;
    if (isLarge && this.#policy.redact === undefined) this.#spill();
  }

  #isTooSecret(): boolean {
    return this.#size > REDACTION_LIMIT;
  }

  #spill(): void {
    const sidecar = this.#store.sidecar();
    this.#sidecar = sidecar;
    for (const piece of this.#pieces) sidecar.write(piece);
    this.#pieces = [];
  }
}
