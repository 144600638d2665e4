/** Cuts one direction of an HTTP/2 connection into frames (RFC 9113, section 4), which it does not look into. */
import { ByteQueue } from "../../base/bytes.ts";
import { quoteForMessage } from "../quote.ts";
import { createHttp2Error } from "./http2-error.ts";

export interface Http2Frame {
  /** 0 DATA, 1 HEADERS, ... 9 CONTINUATION; others are extensions. */
  readonly type: number;
  readonly flags: number;
  /** 0 is the connection itself. */
  readonly stream: number;
  readonly payload: Buffer;
}

/** What the HTTP/2 client begins with (RFC 9113, 3.4). */
export const PREFACE: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
export const HTTP2_FRAME_HEADER_SIZE = 9;
/** The payload that any side takes, before its SETTINGS_MAX_FRAME_SIZE says more. */
export const DEFAULT_FRAME_SIZE = 16_384;

export class Http2FrameReader {
  readonly #queue = new ByteQueue();
  #hasPreface: boolean | undefined;
  #isPrefaceTaken = false;
  #frameLimit = DEFAULT_FRAME_SIZE;

  /** Whether this direction began with the preface: its side is the HTTP/2 client. Undefined before the first byte. */
  get hasPreface(): boolean | undefined {
    return this.#hasPreface;
  }

  /** How many bytes of an unfinished frame, or preface, have come. At most one frame is ever held. */
  get pendingSize(): number {
    return this.#queue.length;
  }

  /** The other side's SETTINGS_MAX_FRAME_SIZE. The limit only grows: when the writer follows is not seen from here. */
  allowFrameSize(size: number): void {
    this.#frameLimit = Math.max(this.#frameLimit, size);
  }

  /** The first octet tells the sides apart: a server begins with SETTINGS, and their length with a zero. */
  push(bytes: Buffer): void {
    if (bytes.length > 0) this.#hasPreface ??= bytes[0] === PREFACE[0];
    this.#queue.push(bytes);
  }

  /**
   * The next whole frame; undefined while it is not all there.
   * @throws WireError `WHALESONG_BAD_HTTP2` for a broken preface and for a frame beyond the limit
   */
  readNext(): Http2Frame | undefined {
    if (!this.#isBegun()) return undefined;
    if (this.#queue.length < HTTP2_FRAME_HEADER_SIZE) return undefined;
    const header = this.#queue.peek(HTTP2_FRAME_HEADER_SIZE);
    const size = header.readUIntBE(0, 3);
    if (size > this.#frameLimit) throw createHttp2Error(`a frame of ${size} bytes`, `at most ${this.#frameLimit}`);
    if (this.#queue.length < HTTP2_FRAME_HEADER_SIZE + size) return undefined;
    const frame = this.#queue.take(HTTP2_FRAME_HEADER_SIZE + size);
    return {
      type: frame.readUInt8(3),
      flags: frame.readUInt8(4),
      stream: frame.readUInt32BE(5) % 0x80000000,
      payload: frame.subarray(HTTP2_FRAME_HEADER_SIZE),
    };
  }

  #isBegun(): boolean {
    if (!this.#hasPreface || this.#isPrefaceTaken) return true;
    const found = this.#queue.peek(PREFACE.length);
    if (!found.equals(PREFACE.subarray(0, found.length)))
      throw createHttp2Error(quoteForMessage(found), `the preface ${quoteForMessage(PREFACE)}`);
    if (found.length < PREFACE.length) return false;
    this.#queue.drop(PREFACE.length);
    this.#isPrefaceTaken = true;
    return true;
  }
}
