import type { RecordingStore, SidecarWriter } from "./store.ts";

/** Keeps nothing: for traffic that is let through without being recorded. */
export const noStore: RecordingStore = {
  begin: () => undefined,
  readDocument: () => "",
  append: () => 0,
  read: async function* () {},
  sidecar: () => new NoSidecar(),
  finish: () => undefined,
  discard: () => undefined,
  release: () => undefined,
};

class NoSidecar implements SidecarWriter {
  size = 0;

  write(bytes: Buffer): void {
    this.size += bytes.length;
  }

  finish(label: string): ReturnType<SidecarWriter["finish"]> {
    return { path: label, size: this.size, sha256: "" };
  }

  discard(): void {}

  pieces(): Iterable<Buffer> {
    return [];
  }
}
