/** Encodes recorded events into the bytes that the daemon sent. The stream player writes them. */
import { cutIntoPieces } from "../../base/bytes.ts";
import type { FrameCut, FramesEvent, WebsocketEvent } from "../../cassette/model.ts";
import { encodeChunk } from "../../wire/http/body.ts";
import { encodeMessage } from "../../wire/streams/json-stream.ts";
import { encodeFrame, encodeFrames } from "../../wire/streams/stdcopy.ts";
import { encodeWebsocketFrame } from "../../wire/streams/websocket.ts";
import type { OutputEvent } from "../run/substitution.ts";

const LF = 0x0a;

/** The bytes of one event, without HTTP's chunks. */
export function encodeOutput(event: OutputEvent): Buffer {
  if (event.kind === "bytes") return event.bytes;
  if (event.kind === "message") return encodeMessage(event.dialect, event.json);
  return encodeFrames(event.stream, event.payload, measureFrames(event.payload, event.cut));
}

export function encodeWebsocketEvent({ opcode, payload }: WebsocketEvent): Buffer {
  return encodeWebsocketFrame(opcode, payload);
}

/** Puts output into HTTP chunks: one for each frame, message or piece. An event can share its chunk with the next one. */
export class Chunker {
  #open: Buffer[] = [];

  encode(event: OutputEvent): Buffer {
    const bytes = encodeOutput(event);
    if (event.joined === true || this.#open.length > 0) return this.#join(bytes, event.joined === true);
    if (event.kind !== "frames" || event.cut === undefined) return encodeChunk(bytes);
    const sizes = measureFrames(event.payload, event.cut);
    return Buffer.concat(encodeFramePieces(event, sizes).map((frame) => encodeChunk(frame)));
  }

  /** The open chunk, where the event that was to share it never came or is no output. */
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

function encodeFramePieces({ stream, payload }: FramesEvent, sizes: readonly number[]): Buffer[] {
  return cutIntoPieces(payload, sizes).map((frame) => encodeFrame(stream, frame));
}

function measureFrames(payload: Buffer, cut: FrameCut | undefined): readonly number[] {
  if (cut === undefined) return [payload.length];
  return cut === "lines" ? measureLines(payload) : cut;
}

function measureLines(payload: Buffer): number[] {
  const sizes: number[] = [];
  for (let at = 0; at < payload.length; ) {
    const end = payload.indexOf(LF, at);
    const next = end === -1 ? payload.length : end + 1;
    sizes.push(next - at);
    at = next;
  }
  return sizes;
}
