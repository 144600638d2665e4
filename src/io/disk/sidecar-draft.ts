import { createHash } from "node:crypto";
import { closeSync, openSync, rmSync, statSync } from "node:fs";
import type { SidecarRef } from "../../cassette/model.ts";
import type { SidecarWriter } from "../../record/store.ts";
import { readPieces, withDiskErrors, writeAll } from "./disk.ts";

/** Renames a finished draft; returns its path relative to the cassette's folder. */
export type PlaceDraft = (sha256: string, stem: string, extension: string) => string;

/** A sidecar that is being written. */
export class SidecarDraft implements SidecarWriter {
  readonly #path: string;
  readonly #place: PlaceDraft;
  readonly #hash = createHash("sha256");
  #fd: number | undefined;
  #size = 0;

  constructor(path: string, place: PlaceDraft) {
    this.#path = path;
    this.#place = place;
    this.#fd = withDiskErrors("write", path, () => openSync(path, "w+", 0o600));
  }

  get size(): number {
    return this.#size;
  }

  write(bytes: Buffer): void {
    const fd = this.#open();
    withDiskErrors("write", this.#path, () => writeAll(fd, bytes, this.#size));
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }

  *pieces(): Generator<Buffer> {
    yield* readPieces(this.#open(), 0, this.#size);
  }

  finish(label: string, extension: string): SidecarRef {
    this.#close();
    const sha256 = this.#hash.digest("hex");
    const path = this.#place(sha256, toPlainName(label), /^\.[\w.]+$/.test(extension) ? extension : "");
    return { path, size: this.#size, sha256 };
  }

  discard(): void {
    if (this.#fd === undefined) return;
    this.#close();
    withDiskErrors("remove", this.#path, () => rmSync(this.#path, { force: true }));
  }

  #open(): number {
    if (this.#fd === undefined) throw new Error(`the sidecar draft ${this.#path} has been closed`);
    return this.#fd;
  }

  #close(): void {
    closeSync(this.#open());
    this.#fd = undefined;
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
