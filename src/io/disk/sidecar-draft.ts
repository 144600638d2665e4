import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, rmSync, statSync } from "node:fs";
import { joinMembers } from "../../base/join-members.ts";
import type { SidecarRef } from "../../cassette/model.ts";
import type { SidecarWriter } from "../../record/store.ts";
import { readPieces, withDiskErrors } from "./disk.ts";
import { WriteBehindFile } from "./write-behind-file.ts";

/** The digest of what was written: of all of it, or of its beginning alone. */
export interface DraftDigest {
  readonly sha256: string;
  readonly isOfAll: boolean;
}

/** Renames a finished draft; returns its path relative to the cassette's folder. */
export type PlaceDraft = (digest: DraftDigest, stem: string, extension: string) => string;

/**
 * A sidecar up to this size has its digest when it is finished. The digest of a large one takes longer than all else that is
 * done to it while its client waits, and is computed when the recording ends (docs/decisions/0062).
 */
const DIGESTED_SIZE = 1024 * 1024;

/** A sidecar that is being written. */
export class SidecarDraft implements SidecarWriter {
  readonly #path: string;
  readonly #place: PlaceDraft;
  #hash: Hash | undefined = createHash("sha256");
  #startDigest = "";
  #file: WriteBehindFile | undefined;
  #size = 0;

  constructor(path: string, place: PlaceDraft) {
    this.#path = path;
    this.#place = place;
    this.#file = new WriteBehindFile(withDiskErrors("write", path, () => openSync(path, "w+", 0o600)));
  }

  get size(): number {
    return this.#size;
  }

  write(bytes: Buffer): void {
    this.#change((file) => file.write(bytes));
    this.#size += bytes.length;
    this.#digest(bytes);
  }

  *pieces(): Generator<Buffer> {
    this.#flush();
    yield* readPieces(this.#open().fd, 0, this.#size);
  }

  finish(label: string, extension: string): SidecarRef {
    this.#flush();
    this.#close();
    const sha256 = this.#hash?.digest("hex");
    const digest = { sha256: sha256 ?? this.#startDigest, isOfAll: sha256 !== undefined };
    const path = this.#place(digest, toPlainName(label), /^\.[\w.]+$/.test(extension) ? extension : "");
    return joinMembers({ path, size: this.#size }, sha256 === undefined ? {} : { sha256 });
  }

  discard(): void {
    if (this.#file === undefined) return;
    this.#close();
    withDiskErrors("remove", this.#path, () => rmSync(this.#path, { force: true }));
  }

  #digest(bytes: Buffer): void {
    this.#hash?.update(bytes);
    if (this.#hash === undefined || this.#size <= DIGESTED_SIZE) return;
    this.#startDigest = this.#hash.digest("hex");
    this.#hash = undefined;
  }

  #flush(): void {
    this.#change((file) => file.flush());
  }

  /** A sidecar that cannot be written is discarded here: its caller may not hold it yet, where the first write fails. */
  #change(work: (file: WriteBehindFile) => void): void {
    const file = this.#open();
    try {
      withDiskErrors("write", this.#path, () => work(file));
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  #open(): WriteBehindFile {
    if (this.#file === undefined) throw new Error(`the sidecar draft ${this.#path} has been closed`);
    return this.#file;
  }

  /** Once, whatever it throws: the number of a file that is closed may be another file's by then. */
  #close(): void {
    const file = this.#open();
    this.#file = undefined;
    withDiskErrors("write", this.#path, () => file.close());
  }
}

/** A label may be a path or a query. The file name is valid on every system, and never hidden. */
function toPlainName(label: string): string {
  const plain = label
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[.-]+|[.-]+$/g, "")
    .slice(0, 100);
  return plain === "" ? "body" : plain;
}

/** The sha256 of a file's bytes, in hexadecimal digits. */
export function digestFile(path: string): string {
  const hash = createHash("sha256");
  const fd = openSync(path, "r");
  try {
    for (const piece of readPieces(fd, 0, statSync(path).size)) hash.update(piece);
  } finally {
    closeSync(fd);
  }
  return hash.digest("hex");
}
