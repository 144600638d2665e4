/** What the frames of RFC 9113, section 6, say. Each function checks the size and the stream that its type allows. */
import type { WireError } from "../../base/errors.ts";
import type { Http2Frame } from "./frame-reader.ts";
import { createHttp2Error } from "./http2-error.ts";

export const FRAME_TYPES = [
  "DATA",
  "HEADERS",
  "PRIORITY",
  "RST_STREAM",
  "SETTINGS",
  "PUSH_PROMISE",
  "PING",
  "GOAWAY",
  "WINDOW_UPDATE",
  "CONTINUATION",
] as const;
export type Http2FrameType = (typeof FRAME_TYPES)[number];

const END_STREAM = 0x1;
const ACK = 0x1;
const END_HEADERS = 0x4;
const PADDED = 0x8;
const PRIORITY = 0x20;
const PRIORITY_SIZE = 5;

const ENABLE_PUSH = 2;
const INITIAL_WINDOW_SIZE = 4;
export const HEADER_TABLE_SIZE = 1;
export const MAX_FRAME_SIZE = 5;
const LARGEST_WINDOW = 0x7fffffff;
const LARGEST_FRAME = 0xffffff;

/** Which size a payload has, and whether the frame is about a stream. */
const SHAPES: Readonly<Record<Http2FrameType, { readonly size?: number; readonly isOnStream?: boolean }>> = {
  DATA: { isOnStream: true },
  HEADERS: { isOnStream: true },
  PRIORITY: { size: PRIORITY_SIZE, isOnStream: true },
  RST_STREAM: { size: 4, isOnStream: true },
  SETTINGS: { isOnStream: false },
  PUSH_PROMISE: { isOnStream: true },
  PING: { size: 8, isOnStream: false },
  GOAWAY: { isOnStream: false },
  WINDOW_UPDATE: { size: 4 },
  CONTINUATION: { isOnStream: true },
};

/**
 * The type's name; undefined for an extension, which is skipped (RFC 9113, 5.5).
 * @throws WireError `WHALESONG_BAD_HTTP2` for a size or a stream that the type does not allow
 */
export function readFrameType(frame: Http2Frame): Http2FrameType | undefined {
  const type = FRAME_TYPES[frame.type];
  if (type === undefined) return undefined;
  const { size, isOnStream } = SHAPES[type];
  if (size !== undefined && frame.payload.length !== size)
    throw createSizeError(type, frame.payload.length, `${size} bytes`);
  if (isOnStream !== undefined && isOnStream !== frame.stream > 0)
    throw createStreamError(type, frame.stream, isOnStream);
  return type;
}

export function isEndOfStream({ flags }: Http2Frame): boolean {
  return (flags & END_STREAM) !== 0;
}

export function isEndOfHeaders({ flags }: Http2Frame): boolean {
  return (flags & END_HEADERS) !== 0;
}

export function isAck({ flags }: Http2Frame): boolean {
  return (flags & ACK) !== 0;
}

/** The payload of DATA without its padding. */
export function readData(frame: Http2Frame): Buffer {
  return withoutPadding(frame);
}

/** The part of a header block that HEADERS carries. */
export function readHeaders(frame: Http2Frame): Buffer {
  const rest = withoutPadding(frame);
  if ((frame.flags & PRIORITY) === 0) return rest;
  if (rest.length < PRIORITY_SIZE) throw createSizeError("HEADERS", rest.length, "5 bytes of priority");
  return rest.subarray(PRIORITY_SIZE);
}

export function readPromise(frame: Http2Frame): { readonly stream: number; readonly block: Buffer } {
  const rest = withoutPadding(frame);
  if (rest.length < 4) throw createSizeError("PUSH_PROMISE", rest.length, "4 bytes of a stream");
  return { stream: rest.readUInt32BE(0) % 0x80000000, block: rest.subarray(4) };
}

export function readGoaway({ payload }: Http2Frame): { lastStream: number; code: number; debug: Buffer } {
  if (payload.length < 8) throw createSizeError("GOAWAY", payload.length, "8 bytes at least");
  return {
    lastStream: payload.readUInt32BE(0) % 0x80000000,
    code: payload.readUInt32BE(4),
    debug: payload.subarray(8),
  };
}

export function readSettings(frame: Http2Frame): (readonly [identifier: number, value: number])[] {
  const { payload } = frame;
  if (isAck(frame) && payload.length > 0) throw createSizeError("SETTINGS", payload.length, "none with ACK");
  if (payload.length % 6 !== 0) throw createSizeError("SETTINGS", payload.length, "a multiple of 6");
  const settings: [number, number][] = [];
  for (let at = 0; at < payload.length; at += 6) {
    settings.push([payload.readUInt16BE(at), payload.readUInt32BE(at + 2)]);
  }
  for (const [identifier, value] of settings) checkSetting(identifier, value);
  return settings;
}

function checkSetting(identifier: number, value: number): void {
  if (identifier === ENABLE_PUSH && value > 1) throw createHttp2Error(`SETTINGS_ENABLE_PUSH ${value}`, "0 or 1");
  if (identifier === INITIAL_WINDOW_SIZE && value > LARGEST_WINDOW) {
    throw createHttp2Error(`SETTINGS_INITIAL_WINDOW_SIZE ${value}`, `at most ${LARGEST_WINDOW}`);
  }
  if (identifier === MAX_FRAME_SIZE && (value < 16_384 || value > LARGEST_FRAME)) {
    throw createHttp2Error(`SETTINGS_MAX_FRAME_SIZE ${value}`, `from 16384 to ${LARGEST_FRAME}`);
  }
}

function withoutPadding({ flags, payload, type }: Http2Frame): Buffer {
  if ((flags & PADDED) === 0) return payload;
  const name = FRAME_TYPES[type] as Http2FrameType;
  const padding = payload[0];
  if (padding === undefined) throw createSizeError(name, 0, "the length of its padding");
  if (padding >= payload.length)
    throw createHttp2Error(`${name} with ${padding} bytes of padding`, "fewer than its payload");
  return payload.subarray(1, payload.length - padding);
}

function createSizeError(type: Http2FrameType, size: number, expected: string): WireError {
  return createHttp2Error(`${type} of ${size} bytes`, expected);
}

function createStreamError(type: Http2FrameType, stream: number, isOnStream: boolean): WireError {
  return createHttp2Error(`${type} on stream ${stream}`, isOnStream ? "a stream above 0" : "stream 0");
}
