/** Events back into the daemon's bytes. */
import { cutInto } from "../../base/bytes.ts";
import type { BytesEvent, FrameCut, FramesEvent, MessageEvent, WebsocketEvent } from "../../cassette/model.ts";
import { encodeChunk } from "../../wire/body.ts";
import { encodeMessage } from "../../wire/json-stream.ts";
import { encodeFrame, encodeFrames } from "../../wire/stdcopy.ts";
import { encodeWebsocketFrame } from "../../wire/websocket.ts";

const LF = 0x0a;

export type Spoken = FramesEvent | MessageEvent | BytesEvent;

/** The bytes of one event, chunk framing aside. */
export function spokenBytes(event: Spoken): Buffer {
  if (event.kind === "bytes") return event.bytes;
  if (event.kind === "message") return encodeMessage(event.dialect, event.json);
  return encodeFrames(event.stream, event.payload, frameSizes(event.payload, event.cut));
}

export function websocketBytes({ opcode, payload }: WebsocketEvent): Buffer {
  return encodeWebsocketFrame(opcode, payload);
}

/** Puts what is spoken into chunks: each frame, message or piece its own, unless an event shares its chunk with the next. */
export class Chunker {
  #open: Buffer[] = [];

  chunks(event: Spoken): Buffer {
    const bytes = spokenBytes(event);
    if (event.joined === true || this.#open.length > 0) return this.#join(bytes, event.joined === true);
    if (event.kind !== "frames" || event.cut === undefined) return encodeChunk(bytes);
    const sizes = frameSizes(event.payload, event.cut);
    return Buffer.concat(framePieces(event, sizes).map((frame) => encodeChunk(frame)));
  }

  /** What waited to share its chunk with an event that is no more, or is none that speaks. */
  close(): Buffer {
    return this.#open.length === 0 ? Buffer.alloc(0) : this.#join(Buffer.alloc(0), false);
  }

  #join(bytes: Buffer, isOpen: boolean): Buffer {
    this.#open.push(bytes);
    if (isOpen) return Buffer.alloc(0);
    const chunk = Buffer.concat(this.#open);
    this.#open = [];
    return encodeChunk(chunk);
  }
}

function framePieces({ stream, payload }: FramesEvent, sizes: readonly number[]): Buffer[] {
  return cutInto(payload, sizes).map((frame) => encodeFrame(stream, frame));
}

function frameSizes(payload: Buffer, cut: FrameCut | undefined): readonly number[] {
  if (cut === undefined) return [payload.length];
  return cut === "lines" ? lineSizes(payload) : cut;
}

function lineSizes(payload: Buffer): number[] {
  const sizes: number[] = [];
  for (let at = 0; at < payload.length; ) {
    const end = payload.indexOf(LF, at);
    const next = end === -1 ? payload.length : end + 1;
    sizes.push(next - at);
    at = next;
  }
  return sizes;
}
