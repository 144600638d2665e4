/**
 * Streams of JSON texts, one a line: moby's progress (jsonmessage, CRLF), events and stats (LF), and
 * application/json-seq (RFC 7464: RS before, LF behind). The decoder looks at these marks only, never at the JSON, so
 * that every line can be written again byte for byte.
 */
import { ByteQueue } from "../../base/bytes.ts";
import { WireError } from "../../base/errors.ts";

export type JsonDialect = "progress" | "jsonl" | "json-seq";

export interface JsonMessage {
  readonly dialect: JsonDialect;
  /** The text without the marks; empty for a blank line. */
  readonly json: Buffer;
}

const CR = 0x0d;
const LF = 0x0a;
const RS = 0x1e;
const MESSAGE_LIMIT = 16 * 1024 * 1024;
const MARKS: Readonly<Record<JsonDialect, readonly [before: Buffer, behind: Buffer]>> = {
  progress: [Buffer.alloc(0), Buffer.of(CR, LF)],
  jsonl: [Buffer.alloc(0), Buffer.of(LF)],
  "json-seq": [Buffer.of(RS), Buffer.of(LF)],
};

/** Cuts at LF. A message that spans several pushes is copied once, others are subarrays of what was pushed. */
export class JsonStreamDecoder {
  readonly #limit: number;
  readonly #pending = new ByteQueue();

  constructor(limit: number = MESSAGE_LIMIT) {
    this.#limit = limit;
  }

  /** The bytes that belong to no returned message. */
  get pending(): Buffer {
    return this.#pending.peek();
  }

  /**
   * A push that throws loses nothing: `pending` then has all bytes that were pushed and not returned.
   * @throws WireError `WHALESONG_MESSAGE_TOO_LARGE`
   */
  push(bytes: Buffer): JsonMessage[] {
    const messages: JsonMessage[] = [];
    let at = 0;
    for (let lf = bytes.indexOf(LF); lf !== -1; lf = bytes.indexOf(LF, at)) {
      const line = this.#takeLine(bytes.subarray(at, lf + 1));
      if (line.length > this.#limit + 1) this.#fail(messages, line, bytes.subarray(lf + 1));
      messages.push(readLine(line));
      at = lf + 1;
    }
    this.#pending.push(bytes.subarray(at));
    if (this.#pending.length > this.#limit) this.#fail(messages, this.#pending.take(), bytes.subarray(bytes.length));
    return messages;
  }

  #takeLine(end: Buffer): Buffer {
    if (this.#pending.length === 0) return end;
    this.#pending.push(end);
    return this.#pending.take();
  }

  #fail(messages: readonly JsonMessage[], line: Buffer, rest: Buffer): never {
    for (const { dialect, json } of messages) this.#pending.push(encodeMessage(dialect, json));
    this.#pending.push(line);
    this.#pending.push(rest);
    const message = `cannot read a JSON stream: got a message of ${line.length} bytes or more, expected at most ${this.#limit}`;
    throw new WireError("WHALESONG_MESSAGE_TOO_LARGE", message, { fields: { size: line.length, limit: this.#limit } });
  }
}

function readLine(line: Buffer): JsonMessage {
  if (line[0] === RS) return { dialect: "json-seq", json: line.subarray(1, -1) };
  if (line.at(-2) === CR) return { dialect: "progress", json: line.subarray(0, -2) };
  return { dialect: "jsonl", json: line.subarray(0, -1) };
}

export function encodeMessage(dialect: JsonDialect, json: Buffer): Buffer {
  const [before, behind] = MARKS[dialect];
  return Buffer.concat([before, json, behind]);
}
