/** HTTP/1.1's chunked coding (RFC 9112, 7.1). Chunk boundaries are kept: some Docker clients read one chunk at a time. */
import { ByteQueue } from "../../base/bytes.ts";
import { WireError } from "../../base/errors.ts";
import { quoteForMessage } from "../quote.ts";
import type { BodyEvent, BodyLimits } from "./body-event.ts";
import { formatFields, type HeaderField, parseFields } from "./fields.ts";

const CR = 0x0d;
const LF = 0x0a;
const NOTHING: Buffer = Buffer.alloc(0);
const CHUNK_END: Buffer = Buffer.from("\r\n", "latin1");
const BAD_CHUNK = "WHALESONG_BAD_CHUNK";
/** Like Go, it accepts blanks before the end, for servers that pad sizes, and ignores extensions. */
const SIZE_LINE = /^([0-9a-f]+)[ \t]*(?:;[^\r\n]*)?\r\n$/i;

type Part = "size" | "data" | "data's CR" | "data's LF" | "trailers" | "end";

/** Decodes the chunked coding. It buffers no data, only an unfinished chunk-size line or trailers. */
export class ChunkedDecoder {
  readonly #limits: Required<BodyLimits>;
  readonly #line = new ByteQueue();
  #trailers = "";
  #part: Part = "size";
  #size = 0;
  #left = 0;
  #bytes: Buffer = NOTHING;
  #at = 0;

  constructor(limits: Required<BodyLimits>) {
    this.#limits = limits;
  }

  get isDone(): boolean {
    return this.#part === "end";
  }

  /** The part of the body that the peer is in, for the error that it stopped there. */
  get whereabouts(): { readonly inside: string; readonly got: number; readonly expected: number | undefined } {
    if (this.#part === "data") return { inside: "a chunk", got: this.#size - this.#left, expected: this.#size };
    return { inside: `a chunked body, before ${this.#missing}`, got: this.#line.length, expected: undefined };
  }

  get #missing(): string {
    if (this.#part === "size") return "the next chunk's size";
    return this.#part === "trailers" ? "the end of its trailers" : "the end of a chunk's line";
  }

  /** Appends the events of `bytes` to `events`. Returns the bytes beyond the body's end. */
  push(bytes: Buffer, events: BodyEvent[]): Buffer {
    this.#bytes = bytes;
    this.#at = 0;
    while (this.#at < bytes.length && this.#part !== "end") this.#step(events);
    this.#bytes = NOTHING;
    return bytes.subarray(this.#at);
  }

  #step(events: BodyEvent[]): void {
    if (this.#part === "data") this.#readData(events);
    else if (this.#part === "size") this.#readSize();
    else if (this.#part === "trailers") this.#readTrailers(events);
    else this.#readDataEnd();
  }

  #readSize(): void {
    const line = this.#takeLine(this.#limits.chunkLine, "the chunk-size line");
    if (line === undefined) return;
    const text = line.toString("latin1");
    const size = Number.parseInt(SIZE_LINE.exec(text)?.[1] ?? "", 16);
    if (!Number.isSafeInteger(size)) throw createChunkError(text, "a chunk size in hexadecimal and CRLF");
    this.#size = size;
    this.#left = size;
    this.#part = size === 0 ? "trailers" : "data";
  }

  #readData(events: BodyEvent[]): void {
    const piece = this.#bytes.subarray(this.#at, this.#at + this.#left);
    this.#at += piece.length;
    this.#left -= piece.length;
    events.push({ kind: "bytes", bytes: piece });
    if (this.#left > 0) return;
    events.push({ kind: "chunk-end" });
    this.#part = "data's CR";
  }

  #readDataEnd(): void {
    const isCr = this.#part === "data's CR";
    const found = this.#bytes.subarray(this.#at);
    if (found[0] !== (isCr ? CR : LF)) throw createChunkError(found, `CRLF behind the ${this.#size} bytes of a chunk`);
    this.#at += 1;
    this.#part = isCr ? "data's LF" : "size";
  }

  #readTrailers(events: BodyEvent[]): void {
    const line = this.#takeLine(this.#limits.trailers - this.#trailers.length, "trailers");
    if (line === undefined) return;
    const text = line.toString("latin1");
    if (text !== "\r\n" && text !== "\n") {
      this.#trailers += text;
      return;
    }
    this.#part = "end";
    const lines = this.#trailers.split(/\r?\n/).slice(0, -1);
    if (lines.length > 0) events.push({ kind: "trailers", fields: parseFields(lines, BAD_CHUNK, "trailers") });
  }

  /** The rest of a line with its end; undefined until it is complete. `limit` does not count CRLF. */
  #takeLine(limit: number, what: string): Buffer | undefined {
    const lf = this.#bytes.indexOf(LF, this.#at);
    const end = lf === -1 ? this.#bytes.length : lf + 1;
    this.#line.push(this.#bytes.subarray(this.#at, end));
    this.#at = end;
    if (this.#line.length > limit + 2) throw createLengthError(what, limit, this.#line.length);
    return lf === -1 ? undefined : this.#line.take();
  }
}

function createChunkError(found: string | Buffer, expected: string): WireError {
  return new WireError(BAD_CHUNK, `cannot read a chunked body: got ${quoteForMessage(found)}, expected ${expected}`);
}

function createLengthError(what: string, limit: number, size: number): WireError {
  const message = `cannot read ${what} of a chunked body: got ${size} bytes and no end, expected at most ${limit} bytes`;
  return new WireError(BAD_CHUNK, message, { fields: { size, limit } });
}

/** What ends a chunked body without trailers. */
export const LAST_CHUNK: Buffer = Buffer.from("0\r\n\r\n", "latin1");

/** One chunk. No bytes give no bytes: an empty chunk would end the body. */
export function encodeChunk(bytes: Buffer): Buffer {
  return Buffer.concat(encodeChunkParts(bytes));
}

/** The same in parts, for bytes that are too many to copy. */
export function encodeChunkParts(bytes: Buffer): readonly Buffer[] {
  return bytes.length === 0 ? [] : [Buffer.from(`${bytes.length.toString(16)}\r\n`, "latin1"), bytes, CHUNK_END];
}

export function encodeLastChunk(trailers: readonly HeaderField[]): Buffer {
  return Buffer.from(`0\r\n${formatFields(trailers)}\r\n`, "latin1");
}
