import type { ByteQueue } from "../base/bytes.ts";
import { parseRequestHead, takeHead } from "../wire/http/head.ts";
import { type ParsedRequest, parseRequest } from "./parsed-request.ts";

/**
 * Called with each head that is refused before any responder sees it.
 * @param start what the client has sent: the head, or the beginning of one that is too long
 */
export type OnBadHead = (start: Buffer, error: unknown) => void;

/** In bytes. Longer heads are rare, and parsed each time. */
const LONGEST = 4096;
const MOST = 512;
const CR = 0x0d;
const LF = 0x0a;
/** Credentials are kept no longer than their call. */
const SECRET_FIELD = /^(?:x-registry-(?:auth|config)|(?:proxy-)?authorization|cookie):/im;

/** What `toString` calls; at the length of a head, the way to it takes as long as the copy. */
interface SlicedBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
}

/**
 * Reads requests, and remembers what the latest heads said. Clients send the same heads again and again, byte for byte,
 * and to parse, to check and to route one costs more than all the rest of a recorded answer. Only what depends on the
 * bytes alone is remembered.
 */
export class KnownRequests {
  readonly #known = new Map<string, ParsedRequest>();
  readonly #onBadHead: OnBadHead;

  /** @param onBadHead default: does nothing */
  constructor(onBadHead: OnBadHead = () => undefined) {
    this.#onBadHead = onBadHead;
  }

  /**
   * Removes and returns the next request's head; undefined until it is complete.
   * @throws WireError what `takeHead` and `parseRequest` throw
   */
  take(queue: ByteQueue): ParsedRequest | undefined {
    const piece = queue.firstPiece;
    if (piece === undefined) return undefined;
    const end = findBlankLine(piece);
    const text = end === undefined ? undefined : (piece as SlicedBuffer).latin1Slice(0, end);
    const known = text === undefined ? undefined : this.#known.get(text);
    if (known === undefined || end === undefined) return this.#parse(queue, text);
    queue.drop(end);
    return known;
  }

  /** @param text what the queue begins with, up to a blank line */
  #parse(queue: ByteQueue, text: string | undefined): ParsedRequest | undefined {
    let raw: Buffer | undefined;
    try {
      raw = takeHead(queue);
      if (raw === undefined) return undefined;
      // Not a view of what arrived with it: that may be much more.
      const request = parseRequest(text === undefined ? raw : Buffer.from(raw));
      // A head may have blank lines before it, or end with bare line feeds: then it is another text.
      if (text?.length === raw.length && !SECRET_FIELD.test(text)) this.#remember(text, request);
      return request;
    } catch (error) {
      this.#onBadHead(raw ?? queue.peek(LONGEST), error);
      throw error;
    }
  }

  /** @throws WireError for a head that is none of HTTP/1.1 */
  refuse(rawHead: Buffer): void {
    try {
      parseRequestHead(rawHead);
    } catch (error) {
      this.#onBadHead(rawHead, error);
      throw error;
    }
  }

  #remember(text: string, request: ParsedRequest): void {
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(text, request);
  }
}

/** Where the first blank line ends, if lines end with CRLF. A loop: a call of `indexOf` leaves JavaScript, and takes longer. */
function findBlankLine(bytes: Buffer): number | undefined {
  const size = Math.min(bytes.length, LONGEST);
  for (let at = 3; at < size; at += 1) {
    if (bytes[at] === LF && bytes[at - 2] === LF && bytes[at - 1] === CR) return at + 1;
  }
  return undefined;
}
