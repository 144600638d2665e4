import { WireError } from "../../base/errors.ts";
import type { BodyEvent, BodyLimits } from "./body-event.ts";
import { ChunkedDecoder } from "./chunked.ts";
import type { MessageFraming } from "./framing.ts";

export type { BodyEvent, BodyLimits } from "./body-event.ts";
export { encodeChunk, encodeChunkParts, encodeLastChunk, LAST_CHUNK } from "./chunked.ts";
export { type MessageFraming, resolveRequestFraming, resolveResponseFraming } from "./framing.ts";

const NOTHING: Buffer = Buffer.alloc(0);
const DEFAULT_LIMITS: Required<BodyLimits> = { chunkLine: 4096, trailers: 64 * 1024 };

/**
 * Decodes a body: its bytes and its end. A body without bytes is done from the start; the first push (an empty one is
 * enough) or `end()` returns its `end` event. There is one `end` event. A decoder that has failed stays failed: what
 * follows a broken chunk means nothing.
 */
export class BodyDecoder {
  readonly #framing: MessageFraming;
  readonly #chunked: ChunkedDecoder | undefined;
  #left: number;
  #got = 0;
  #isDone = false;
  #hasEmittedEnd = false;
  #beyond: Buffer[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(framing: MessageFraming, limits: BodyLimits = {}) {
    this.#framing = framing;
    this.#chunked = framing.kind === "chunked" ? new ChunkedDecoder({ ...DEFAULT_LIMITS, ...limits }) : undefined;
    this.#left = framing.kind === "length" ? framing.length : framing.kind === "none" ? 0 : Number.POSITIVE_INFINITY;
    this.#isDone = this.#left === 0;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Bytes that were pushed beyond the body's end: the next message. Empty until the body is done. */
  get rest(): Buffer {
    if (this.#beyond.length > 1) this.#beyond = [Buffer.concat(this.#beyond)];
    return this.#beyond[0] ?? NOTHING;
  }

  /** @throws WireError `WHALESONG_BAD_CHUNK` if the chunked coding is broken */
  push(bytes: Buffer): BodyEvent[] {
    const events: BodyEvent[] = [];
    const beyond = this.#isDone ? bytes : this.#read(bytes, events);
    if (beyond.length > 0) this.#beyond.push(beyond);
    return this.#withEnd(events);
  }

  /**
   * The peer has closed: that ends a `close` body.
   * @throws WireError `WHALESONG_TRUNCATED_BODY` if any other body is not done
   */
  end(): BodyEvent[] {
    if (this.#framing.kind === "close") this.#isDone = true;
    if (!this.#isDone) throw this.#createTruncationError();
    return this.#withEnd([]);
  }

  #read(bytes: Buffer, events: BodyEvent[]): Buffer {
    if (this.#chunked === undefined) return this.#readPlain(bytes, events);
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      const beyond = this.#chunked.push(bytes, events);
      this.#isDone = this.#chunked.isDone;
      return beyond;
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  #readPlain(bytes: Buffer, events: BodyEvent[]): Buffer {
    const piece = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
    this.#left -= piece.length;
    this.#got += piece.length;
    if (piece.length > 0) events.push({ kind: "bytes", bytes: piece });
    this.#isDone = this.#left === 0;
    return bytes.subarray(piece.length);
  }

  #withEnd(events: BodyEvent[]): BodyEvent[] {
    if (!this.#isDone || this.#hasEmittedEnd) return events;
    this.#hasEmittedEnd = true;
    events.push({ kind: "end" });
    return events;
  }

  #createTruncationError(): WireError {
    const { inside, got, expected } = this.#chunked?.whereabouts ?? this.#whereabouts;
    const size = expected === undefined ? "" : ` (got ${got} of ${expected} bytes)`;
    const message = `peer closed the connection inside ${inside}${size}`;
    return new WireError("WHALESONG_TRUNCATED_BODY", message, { fields: { got, expected } });
  }

  get #whereabouts(): { readonly inside: string; readonly got: number; readonly expected: number } {
    return { inside: "a body", got: this.#got, expected: this.#got + this.#left };
  }
}
