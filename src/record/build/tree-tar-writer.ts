import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import { encodeTarPadding, encodeTreeHeader, TAR_END } from "../../cassette/tree-tar.ts";
import type { FileStat } from "../../wire/buildkit/files/file-stat.ts";
import type { RecordingStore, SidecarWriter } from "../store.ts";

interface EntryInProgress {
  readonly stat: FileStat;
  size: number;
}

/** Writes a part of a tar, entry by entry: whole ones, or one whose content still comes. */
export class TreeTarWriter {
  readonly #sidecar: SidecarWriter;
  #open: EntryInProgress | undefined;

  constructor(store: RecordingStore) {
    this.#sidecar = store.sidecar();
  }

  get isBusy(): boolean {
    return this.#open !== undefined;
  }

  /** An entry with all its content. */
  write(stat: FileStat, content: readonly Buffer[]): void {
    const size = content.reduce((sum, piece) => sum + piece.length, 0);
    this.#sidecar.write(encodeTreeHeader(stat, size));
    for (const piece of content) this.#sidecar.write(piece);
    this.#sidecar.write(encodeTarPadding(size));
  }

  /** An entry whose content comes in pieces, and has the size that its sender told. */
  begin(stat: FileStat): void {
    this.#sidecar.write(encodeTreeHeader(stat, stat.size));
    this.#open = { stat, size: 0 };
  }

  append(bytes: Buffer): void {
    if (this.#open === undefined) return;
    this.#open.size += bytes.length;
    if (this.#open.size > this.#open.stat.size) throw createSizeError(this.#open);
    this.#sidecar.write(bytes);
  }

  end(): void {
    if (this.#open === undefined) return;
    if (this.#open.size !== this.#open.stat.size) throw createSizeError(this.#open);
    this.#sidecar.write(encodeTarPadding(this.#open.size));
    this.#open = undefined;
  }

  /** Takes over what another one has written. */
  absorb(other: TreeTarWriter): void {
    for (const piece of other.#sidecar.pieces()) this.#sidecar.write(piece);
    other.discard();
  }

  finish(label: string): SidecarRef {
    this.#sidecar.write(TAR_END);
    return this.#sidecar.finish(label, ".tar");
  }

  discard(): void {
    this.#sidecar.discard();
  }
}

function createSizeError({ stat, size }: EntryInProgress): Error {
  return new Error(
    `a build is not recorded: ${stat.path} changed while it was sent (${stat.size} bytes, then ${size})`,
  );
}
