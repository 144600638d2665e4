import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import { encodeTarPadding, encodeTreeHeader, TAR_END } from "../../cassette/tree-tar.ts";
import type { FileStat } from "../../wire/buildkit/files/file-stat.ts";
import type { RecordingStore, SidecarWriter } from "../store.ts";
import type { FileContent } from "./file-contents.ts";

/** Writes the tar of a tree, entry by entry. */
export class TreeTarWriter {
  readonly #store: RecordingStore;
  #sidecar: SidecarWriter | undefined;

  constructor(store: RecordingStore) {
    this.#store = store;
  }

  write(stat: FileStat, content?: FileContent): void {
    const sidecar = this.#sidecar ?? this.#store.sidecar();
    this.#sidecar = sidecar;
    const size = content?.size ?? 0;
    sidecar.write(encodeTreeHeader(stat, size));
    for (const piece of content?.read() ?? []) sidecar.write(piece);
    sidecar.write(encodeTarPadding(size));
  }

  /** Undefined where nothing was written. */
  finish(label: string): SidecarRef | undefined {
    this.#sidecar?.write(TAR_END);
    return this.#sidecar?.finish(label, ".tar");
  }

  discard(): void {
    this.#sidecar?.discard();
  }
}
