/** What an endpoint answers, as a value; `write-answer.ts` puts it on the wire the way that dockerd does. */
import type { HeaderField } from "../../../wire/head.ts";
import type { HijackedConnection } from "./hijacked-connection.ts";

export type ApiResponse = JsonResponse | EmptyResponse | BytesResponse | StreamResponse | HijackResponse;

/** A value, with its length where it is short, in one chunk where it is long. */
export interface JsonResponse {
  readonly kind: "json";
  readonly status: number;
  readonly value: unknown;
}

/** No body. `length`: whether the head says so with `Content-Length: 0`. */
export interface EmptyResponse {
  readonly kind: "empty";
  readonly status: number;
  readonly sendsLength: boolean;
  readonly fields?: readonly HeaderField[];
}

/** Text or bytes that are there as a whole. */
export interface BytesResponse {
  readonly kind: "bytes";
  readonly status: number;
  readonly contentType?: string;
  readonly fields?: readonly HeaderField[];
  readonly bytes: Buffer;
}

/** Bytes as they come, each piece a chunk; the head goes out at once. */
export interface StreamResponse {
  readonly kind: "stream";
  readonly status: number;
  readonly contentType?: string;
  readonly fields?: readonly HeaderField[];
  readonly chunks: AsyncIterable<Buffer>;
}

/** The connection leaves HTTP: it writes its own head and closes in the end. */
export interface HijackResponse {
  readonly kind: "hijack";
  readonly serve: (wire: HijackedConnection) => Promise<void>;
}

export function jsonResponse(value: unknown, status = 200): JsonResponse {
  return { kind: "json", status, value };
}

/** 204 and 304, which have neither length nor type. */
export function noContent(status: 204 | 304 = 204): EmptyResponse {
  return { kind: "empty", status, sendsLength: false };
}

export function emptyResponse(status: number, fields: readonly HeaderField[] = []): EmptyResponse {
  return { kind: "empty", status, sendsLength: true, fields };
}

export function streamResponse(
  chunks: AsyncIterable<Buffer>,
  contentType?: string,
  fields: readonly HeaderField[] = [],
): StreamResponse {
  return { kind: "stream", status: 200, chunks, fields, ...(contentType === undefined ? {} : { contentType }) };
}

export function hijackConnection(serve: (wire: HijackedConnection) => Promise<void>): HijackResponse {
  return { kind: "hijack", serve };
}
