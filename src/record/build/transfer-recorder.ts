import type { BuildTransferContent } from "../../cassette/build-model.ts";
import type { SidecarRef } from "../../cassette/sidecar-ref.ts";
import { BUILDKIT_SCHEMA } from "../../wire/buildkit/buildkit-schema.ts";
import { isFilePacket } from "../../wire/buildkit/files/file-packet.ts";
import type { Http2Side } from "../../wire/http2/http2-event.ts";
import { decodeMessage } from "../../wire/protobuf/decode-message.ts";
import type { RecordingStore, SidecarWriter } from "../store.ts";

export interface RecordedTransfer {
  readonly content: BuildTransferContent;
  readonly problem?: string;
  /** What a reader of the cassette wants to know of it. */
  readonly comments: readonly string[];
  /** A tar whose contents are to be listed. */
  readonly tar?: SidecarRef;
}

/** Records one call that moves files. */
export interface TransferRecorder {
  /** @throws WireError for a message that is none of such a call; what the store throws */
  push(side: Http2Side, message: Buffer): void;
  /** @param label names the sidecar */
  finish(label: string): RecordedTransfer;
  discard(): void;
}

const MAGIC = Buffer.from("ustar");
const MAGIC_OFFSET = 257;

/** Bytes as they come: a tar from stdin, or one for `--output type=tar`. */
export class BytesRecorder implements TransferRecorder {
  readonly #sender: Http2Side;
  readonly #sidecar: SidecarWriter;
  #start: Buffer = Buffer.alloc(0);

  constructor(store: RecordingStore, sender: Http2Side) {
    this.#sender = sender;
    this.#sidecar = store.sidecar();
  }

  push(side: Http2Side, message: Buffer): void {
    if (side !== this.#sender) return;
    const { data } = decodeMessage(BUILDKIT_SCHEMA, "moby.filesync.v1.BytesMessage", message);
    if (!Buffer.isBuffer(data)) return;
    if (this.#start.length < MAGIC_OFFSET + MAGIC.length)
      this.#start = Buffer.concat([this.#start, data.subarray(0, 512)]);
    this.#sidecar.write(data);
  }

  finish(label: string): RecordedTransfer {
    const isTar = this.#start.subarray(MAGIC_OFFSET, MAGIC_OFFSET + MAGIC.length).equals(MAGIC);
    const file = this.#sidecar.finish(label, isTar ? ".tar" : ".bin");
    return { content: { kind: "bytes", file }, comments: [], ...(isTar ? { tar: file } : {}) };
  }

  discard(): void {
    this.#sidecar.discard();
  }
}

/** An export is a tree or bytes: its first message says which. */
export class ExportRecorder implements TransferRecorder {
  readonly #createTree: () => TransferRecorder;
  readonly #createBytes: () => TransferRecorder;
  #recorder: TransferRecorder | undefined;

  constructor(options: { createTree(): TransferRecorder; createBytes(): TransferRecorder }) {
    this.#createTree = () => options.createTree();
    this.#createBytes = () => options.createBytes();
  }

  push(side: Http2Side, message: Buffer): void {
    if (side === "daemon") this.#recorder ??= isFilePacket(message) ? this.#createTree() : this.#createBytes();
    this.#recorder?.push(side, message);
  }

  finish(label: string): RecordedTransfer {
    return (this.#recorder ?? this.#createTree()).finish(label);
  }

  discard(): void {
    this.#recorder?.discard();
  }
}
