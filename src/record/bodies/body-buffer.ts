import { INLINE_LIMIT } from "../../cassette/chunks.ts";
import type { RecordedBody } from "../../cassette/model.ts";
import { isTarStart } from "../../wire/archive/tar.ts";
import type { RecordingStore, SidecarWriter } from "../store.ts";
import type { BodyEditor } from "./body-editor.ts";
import type { RepeatedBodies } from "./repeated-bodies.ts";

/** How a body is kept. */
export interface BodyPolicy {
  /** Name and ending of the sidecar, should there be one: `build`, `.tar`. */
  readonly label: string;
  readonly extension: string;
  /** Tars stand beside the cassette whatever their size, and as they are. */
  readonly alwaysSidecar: boolean;
  /** Takes the secrets out. @default what is binary stays as it is */
  readonly redact?: (bytes: Buffer) => Buffer;
  /** Takes the secrets out of what is too long to be kept in memory. @default it stays as it is */
  readonly createEditor?: (kind: "json" | "bytes" | "tar") => BodyEditor | undefined;
  /** Whether the body holds little but secrets, so that nothing is kept of one that is too long to be read. @default false */
  readonly isSecret?: boolean;
  /** What is known of bodies that answered the same operation before. @default each is searched anew */
  readonly repeated?: { readonly bodies: RepeatedBodies; readonly operation: string };
}

/** A body that is secret and larger than this is not kept at all, only blanked. */
const SECRET_LIMIT = 1024 * 1024;
/** JSON up to this size stays in memory until its secrets are taken out. */
const JSON_LIMIT = 4 * 1024 * 1024;
/** Enough of a body to know a tar by. */
const TAR_BLOCK = 512;
/** JSON that may have blanks before it. */
const JSON_START = /^\s*[[{]/;

/** Collects a body of any size in constant memory. */
export class BodyBuffer {
  readonly #store: RecordingStore;
  readonly #policy: BodyPolicy;
  #pieces: Buffer[] = [];
  #size = 0;
  #limit: number | undefined;
  #redacted: Buffer | undefined;
  #editor: BodyEditor | undefined;
  #sidecar: SidecarWriter | undefined;
  #isRedacted = false;

  constructor(store: RecordingStore, policy: BodyPolicy) {
    this.#store = store;
    this.#policy = policy;
  }

  /** Whether what is kept differs from what passed; known once it is finished. */
  get isRedacted(): boolean {
    return this.#isRedacted;
  }

  push(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#sidecar !== undefined) this.#sidecar.write(this.#editor?.push(bytes) ?? bytes);
    else this.#keep(bytes);
  }

  /** All of it has come: its secrets are known from now on. */
  settle(): void {
    if (this.#sidecar !== undefined || this.#size === 0) return;
    const { bodies, operation = "" } = this.#policy.repeated ?? {};
    const known = bodies?.find(this.#pieces, this.#size, operation);
    this.#redacted = known ?? this.#redact(Buffer.concat(this.#pieces));
    if (known === undefined && !this.#isRedacted) bodies?.remember(this.#redacted, operation);
    this.#pieces = [];
  }

  #redact(bytes: Buffer): Buffer {
    const redacted = this.#policy.redact?.(this.#isTooSecret() ? Buffer.alloc(1) : bytes) ?? bytes;
    this.#isRedacted = redacted !== bytes;
    return redacted;
  }

  /** The body so far, in its lasting place. */
  finish(): RecordedBody | undefined {
    const { label, extension } = this.#policy;
    if (this.#sidecar !== undefined) return this.#finishSidecar(this.#sidecar);
    if (this.#redacted === undefined) this.settle();
    const kept = this.#redacted;
    if (kept === undefined) return undefined;
    return kept.length > INLINE_LIMIT && this.#policy.isSecret !== true
      ? this.#spill([kept]).finish(label, extension)
      : kept;
  }

  discard(): void {
    this.#sidecar?.discard();
    this.#sidecar = undefined;
    this.#pieces = [];
  }

  #keep(bytes: Buffer): void {
    if (this.#policy.isSecret === true && this.#isTooSecret()) return;
    this.#pieces.push(bytes);
    this.#limit ??= this.#chooseLimit(bytes);
    if (this.#size <= this.#limit || this.#policy.isSecret === true) return;
    this.#editor = this.#policy.createEditor?.(this.#chooseKind());
    this.#sidecar = this.#spill(
      this.#editor === undefined ? this.#pieces : this.#pieces.map((one) => this.#editor?.push(one) ?? one),
    );
    this.#pieces = [];
  }

  #finishSidecar(sidecar: SidecarWriter): RecordedBody {
    if (this.#editor !== undefined) {
      sidecar.write(this.#editor.finish());
      this.#isRedacted = this.#editor.hasChanged;
    }
    return sidecar.finish(this.#policy.label, this.#policy.extension);
  }

  #chooseKind(): "json" | "bytes" | "tar" {
    // Not each daemon calls a tar one: podman's images are plain bytes by their heads.
    if (this.#policy.alwaysSidecar || isTarStart(Buffer.concat(this.#pieces, TAR_BLOCK))) return "tar";
    return this.#limit === JSON_LIMIT ? "json" : "bytes";
  }

  #chooseLimit(first: Buffer): number {
    if (this.#policy.alwaysSidecar) return 0;
    const isJson = this.#policy.redact !== undefined && JSON_START.test(first.toString("latin1", 0, 64));
    return isJson ? JSON_LIMIT : INLINE_LIMIT;
  }

  #isTooSecret(): boolean {
    return this.#policy.isSecret === true && this.#size > SECRET_LIMIT;
  }

  #spill(pieces: readonly Buffer[]): SidecarWriter {
    const sidecar = this.#store.sidecar();
    for (const piece of pieces) sidecar.write(piece);
    return sidecar;
  }
}
