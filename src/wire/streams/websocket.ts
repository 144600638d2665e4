/** WebSocket frames (RFC 6455, 5.2) as attach/ws needs them: without extensions, and messages are not joined. */
import { createHash } from "node:crypto";
import { ByteQueue } from "../../base/bytes.ts";
import { WireError } from "../../base/errors.ts";

export type WebsocketOpcode = "continuation" | "text" | "binary" | "close" | "ping" | "pong";

export interface WebsocketFrame {
  readonly opcode: WebsocketOpcode;
  readonly isFinal: boolean;
  /** A copy, unmasked. */
  readonly payload: Buffer;
}

const OPCODES: ReadonlyMap<number, WebsocketOpcode> = new Map([
  [0x0, "continuation"],
  [0x1, "text"],
  [0x2, "binary"],
  [0x8, "close"],
  [0x9, "ping"],
  [0xa, "pong"],
]);
const NUMBERS: ReadonlyMap<WebsocketOpcode, number> = new Map([...OPCODES].map(([number, name]) => [name, number]));
const PAYLOAD_LIMIT = 16 * 1024 * 1024;
const CONTROL_LIMIT = 125;
const ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

interface FrameHeader {
  readonly opcode: WebsocketOpcode;
  readonly isFinal: boolean;
  readonly isMasked: boolean;
  readonly headerSize: number;
  readonly payloadSize: number;
}

/** Cuts the bytes of either side into frames. Clients mask and daemons do not; a bit in the header tells which. */
export class WebsocketDecoder {
  readonly #limit: number;
  readonly #queue = new ByteQueue();

  constructor(limit: number = PAYLOAD_LIMIT) {
    this.#limit = limit;
  }

  /** @throws WireError `WHALESONG_BAD_WEBSOCKET_FRAME` */
  push(bytes: Buffer): WebsocketFrame[] {
    this.#queue.push(bytes);
    const frames: WebsocketFrame[] = [];
    for (let frame = this.#takeFrame(); frame !== undefined; frame = this.#takeFrame()) frames.push(frame);
    return frames;
  }

  #takeFrame(): WebsocketFrame | undefined {
    const header = readHeader(this.#queue.peek(14), this.#limit);
    if (header === undefined || this.#queue.length < header.headerSize + header.payloadSize) return undefined;
    const { opcode, isFinal, isMasked, headerSize, payloadSize } = header;
    const mask = this.#queue.take(headerSize).subarray(headerSize - 4);
    const payload = Buffer.from(this.#queue.take(payloadSize));
    if (isMasked) applyMask(payload, mask);
    return { opcode, isFinal, payload };
  }
}

/** Undefined until the header is complete. */
function readHeader(bytes: Buffer, limit: number): FrameHeader | undefined {
  if (bytes.length < 2) return undefined;
  const [first, second] = bytes as unknown as [number, number];
  const opcode = OPCODES.get(first & 0x0f);
  if (opcode === undefined) throw createFrameError(`opcode ${first & 0x0f}`, "one of 0, 1, 2, 8, 9, 10");
  if ((first & 0x70) !== 0) throw createFrameError("a reserved bit", "none, since no extension was agreed on");
  const isFinal = (first & 0x80) !== 0;
  const isMasked = (second & 0x80) !== 0;
  const lengthEnd = 2 + getLengthSize(second & 0x7f);
  if (first & 0x08) checkControl(opcode, isFinal, second & 0x7f);
  if (bytes.length < lengthEnd) return undefined;
  const payloadSize = readLength(bytes);
  if (payloadSize > limit) throw createFrameError(`a payload of ${payloadSize} bytes`, `at most ${limit} bytes`);
  return { opcode, isFinal, isMasked, headerSize: lengthEnd + (isMasked ? 4 : 0), payloadSize };
}

/** RFC 6455, 5.5: control frames are short and whole. */
function checkControl(opcode: WebsocketOpcode, isFinal: boolean, length: number): void {
  if (!isFinal) throw createFrameError(`a ${opcode} in fragments`, "a control frame in one piece");
  if (length > CONTROL_LIMIT)
    throw createFrameError(`a long ${opcode}`, `a control frame of at most ${CONTROL_LIMIT} bytes`);
}

function getLengthSize(length: number): number {
  if (length < 126) return 0;
  return length === 126 ? 2 : 8;
}

function readLength(bytes: Buffer): number {
  const length = (bytes[1] as number) & 0x7f;
  if (length < 126) return length;
  return length === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
}

function applyMask(payload: Buffer, mask: Buffer): void {
  for (let at = 0; at < payload.length; at += 1) payload[at] = (payload[at] as number) ^ (mask[at & 3] as number);
}

function createFrameError(found: string, expected: string): WireError {
  const message = `cannot read a websocket frame: got ${found}, expected ${expected}`;
  return new WireError("WHALESONG_BAD_WEBSOCKET_FRAME", message);
}

/** One frame as a daemon sends it: final and not masked. */
export function encodeWebsocketFrame(opcode: WebsocketOpcode, payload: Buffer): Buffer {
  const header = Buffer.alloc(2 + getLengthSize(payload.length < 126 ? 0 : payload.length < 65_536 ? 126 : 127));
  header[0] = 0x80 | (NUMBERS.get(opcode) as number);
  header[1] = header.length === 2 ? payload.length : header.length === 4 ? 126 : 127;
  if (header.length === 4) header.writeUInt16BE(payload.length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([header, payload]);
}

/** The `Sec-WebSocket-Accept` for a client's `Sec-WebSocket-Key`. It is computed, never taken from a recording. */
export function computeWebsocketAccept(key: string): string {
  return createHash("sha1")
    .update(key.trim() + ACCEPT_GUID)
    .digest("base64");
}
