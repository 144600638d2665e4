import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import type { RecordingStore, SidecarWriter } from "../store.ts";

/** The same store; `onFinish` is called with each sidecar that gets its lasting name. */
export function watchSidecars(store: RecordingStore, onFinish: (sidecar: SidecarRef) => void): RecordingStore {
  return {
    begin: (headerText) => store.begin(headerText),
    append: (pieces) => store.append(pieces),
    hold: (pieces) => store.hold?.(pieces) ?? store.append(pieces),
    flush: () => store.flush?.(),
    settle: (sidecar, sha256) => store.settle?.(sidecar, sha256) ?? { ...sidecar, sha256 },
    read: (sidecar, into) => store.read(sidecar, into),
    sidecar: () => watchWriter(store.sidecar(), onFinish),
    readDocument: (number) => store.readDocument(number),
    finish: (headerText, documents, check) => store.finish(headerText, documents, check),
    discard: () => store.discard(),
    release: () => store.release(),
  };
}

function watchWriter(writer: SidecarWriter, onFinish: (sidecar: SidecarRef) => void): SidecarWriter {
  return {
    get size() {
      return writer.size;
    },
    write: (bytes) => writer.write(bytes),
    finish: (label, extension) => {
      const sidecar = writer.finish(label, extension);
      onFinish(sidecar);
      return sidecar;
    },
    discard: () => writer.discard(),
    pieces: () => writer.pieces(),
  };
}
