import { HTTP2_FRAME_HEADER_SIZE, type Http2Frame, Http2FrameReader } from "./frame-reader.ts";
import { HpackDecoder } from "./hpack-decoder.ts";
import { createHttp2Error } from "./http2-error.ts";
import type { Http2Event, Http2Headers, Http2Side } from "./http2-event.ts";
import {
  type Http2FrameType,
  isAck,
  isEndOfHeaders,
  isEndOfStream,
  readData,
  readFrameType,
  readGoaway,
  readHeaders,
  readPromise,
  readSettings,
} from "./read-frame.ts";

/** In frames, compressed; what they say is limited by `HpackDecoder`. Bounds a flood of CONTINUATION frames. */
const BLOCK_LIMIT = 1024 * 1024;

/** A header block that CONTINUATION frames have yet to complete. */
interface OpenBlock {
  readonly carrier: number;
  readonly headers: Omit<Http2Headers, "fields">;
  readonly pieces: Buffer[];
  size: number;
}

/** A frame that says nothing to a watcher. */
const NOTHING = { kind: "nothing" } as const;

/** One direction of a connection: frames, and the header blocks that they carry. */
export class DirectionDecoder {
  readonly #side: Http2Side;
  readonly #frames = new Http2FrameReader();
  readonly #hpack = new HpackDecoder();
  #block: OpenBlock | undefined;
  #hasSettings = false;

  constructor(side: Http2Side) {
    this.#side = side;
  }

  get hasPreface(): boolean | undefined {
    return this.#frames.hasPreface;
  }

  get isWhole(): boolean {
    return this.#frames.pendingSize === 0 && this.#block === undefined;
  }

  allowFrameSize(size: number): void {
    this.#frames.allowFrameSize(size);
  }

  allowTableSize(size: number): void {
    this.#hpack.allowTableSize(size);
  }

  push(bytes: Buffer): void {
    this.#frames.push(bytes);
  }

  /** What the next whole frame says; undefined while there is none. */
  readNext(): Http2Event | typeof NOTHING | undefined {
    const frame = this.#frames.readNext();
    return frame === undefined ? undefined : this.#read(frame);
  }

  #read(frame: Http2Frame): Http2Event | typeof NOTHING {
    const type = readFrameType(frame);
    this.#checkOrder(type, frame.stream);
    const { stream } = frame;
    const side = this.#side;
    switch (type) {
      case "DATA":
        return { kind: "data", side, stream, bytes: readData(frame), endStream: isEndOfStream(frame) };
      case "HEADERS":
      case "PUSH_PROMISE":
        return this.#openBlock(frame, type);
      case "CONTINUATION":
        return this.#continueBlock(frame);
      case "RST_STREAM":
        return { kind: "reset", side, stream, code: frame.payload.readUInt32BE(0) };
      case "SETTINGS":
        return { kind: "settings", side, isAck: isAck(frame), settings: readSettings(frame) };
      case "GOAWAY":
        return { kind: "goaway", side, ...readGoaway(frame) };
      default:
        return NOTHING;
    }
  }

  /** SETTINGS come first (RFC 9113, 3.4), and nothing stands between the frames of a block (6.10). */
  #checkOrder(type: Http2FrameType | undefined, stream: number): void {
    if (!this.#hasSettings && type !== "SETTINGS")
      throw createHttp2Error(`${type ?? "an extension"} first`, "SETTINGS first");
    this.#hasSettings = true;
    const isDue = this.#block !== undefined;
    if (isDue !== (type === "CONTINUATION") || (isDue && this.#block?.carrier !== stream)) {
      const expected = isDue ? `CONTINUATION of stream ${this.#block?.carrier}` : "it behind a header block only";
      throw createHttp2Error(`${type ?? "an extension"} on stream ${stream}`, expected);
    }
  }

  #openBlock(frame: Http2Frame, type: "HEADERS" | "PUSH_PROMISE"): Http2Event | typeof NOTHING {
    const isPromise = type === "PUSH_PROMISE";
    const { stream, block } = isPromise ? readPromise(frame) : { stream: frame.stream, block: readHeaders(frame) };
    const headers = {
      kind: "headers",
      side: this.#side,
      stream,
      endStream: !isPromise && isEndOfStream(frame),
      isPromise,
    } as const;
    this.#block = { carrier: frame.stream, headers, pieces: [], size: 0 };
    return this.#addToBlock(this.#block, block, isEndOfHeaders(frame));
  }

  #continueBlock(frame: Http2Frame): Http2Event | typeof NOTHING {
    return this.#addToBlock(this.#block as OpenBlock, frame.payload, isEndOfHeaders(frame));
  }

  #addToBlock(open: OpenBlock, piece: Buffer, isLast: boolean): Http2Event | typeof NOTHING {
    open.pieces.push(piece);
    // Empty frames count, too: a flood of them holds memory as well.
    open.size += HTTP2_FRAME_HEADER_SIZE + piece.length;
    if (open.size > BLOCK_LIMIT)
      throw createHttp2Error(`a header block of ${open.size} bytes`, `at most ${BLOCK_LIMIT}`);
    if (!isLast) return NOTHING;
    this.#block = undefined;
    return { ...open.headers, fields: this.#hpack.decode(Buffer.concat(open.pieces)) };
  }
}
