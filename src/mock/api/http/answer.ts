/** What an endpoint answers, as a value; `write-answer.ts` puts it on the wire the way that dockerd does. */
import type { HeaderField } from "../../../wire/head.ts";
import type { Hijacked } from "./hijacked.ts";

export type Answer = Json | Empty | Bytes | Stream | Hijack;

/** A value, with its length where it is short, in one chunk where it is long. */
export interface Json {
  readonly kind: "json";
  readonly status: number;
  readonly value: unknown;
}

/** No body. `length`: whether the head says so with `Content-Length: 0`. */
export interface Empty {
  readonly kind: "empty";
  readonly status: number;
  readonly saysLength: boolean;
  readonly fields?: readonly HeaderField[];
}

/** Text or bytes that are there as a whole. */
export interface Bytes {
  readonly kind: "bytes";
  readonly status: number;
  readonly contentType?: string;
  readonly fields?: readonly HeaderField[];
  readonly bytes: Buffer;
}

/** Bytes as they come, each piece a chunk; the head goes out at once. */
export interface Stream {
  readonly kind: "stream";
  readonly status: number;
  readonly contentType?: string;
  readonly fields?: readonly HeaderField[];
  readonly pieces: AsyncIterable<Buffer>;
}

/** The connection leaves HTTP: it writes its own head and closes in the end. */
export interface Hijack {
  readonly kind: "hijack";
  readonly talk: (wire: Hijacked) => Promise<void>;
}

export function json(value: unknown, status = 200): Json {
  return { kind: "json", status, value };
}

/** 204 and 304, which have neither length nor type. */
export function nothing(status: 204 | 304 = 204): Empty {
  return { kind: "empty", status, saysLength: false };
}

export function noBody(status: number, fields: readonly HeaderField[] = []): Empty {
  return { kind: "empty", status, saysLength: true, fields };
}

export function stream(
  pieces: AsyncIterable<Buffer>,
  contentType?: string,
  fields: readonly HeaderField[] = [],
): Stream {
  return { kind: "stream", status: 200, pieces, fields, ...(contentType === undefined ? {} : { contentType }) };
}

export function hijack(talk: (wire: Hijacked) => Promise<void>): Hijack {
  return { kind: "hijack", talk };
}
