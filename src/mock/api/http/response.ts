/** The response of an endpoint, as a value. `write-response.ts` writes it as dockerd does. */
import type { TextMemory } from "../../../base/text-memory.ts";
import { appendGoJsonListLine } from "../../../wire/go-json.ts";
import type { HeaderField } from "../../../wire/http/head.ts";
import type { HijackedConnection } from "./hijacked-connection.ts";

export type ApiResponse = JsonResponse | EmptyResponse | BytesResponse | StreamResponse | HijackResponse;

/** A JSON value. A short one has a `Content-Length`, a long one is one chunk. */
export interface JsonResponse {
  readonly kind: "json";
  readonly status: number;
  readonly value: unknown;
  /** Writes `<`, `>` and `&` as `\u003c` and the like. @default false */
  readonly escapesHtml?: boolean;
}

/** No body. `sendsLength`: whether the head has `Content-Length: 0`. */
export interface EmptyResponse {
  readonly kind: "empty";
  readonly status: number;
  readonly sendsLength: boolean;
  readonly fields?: readonly HeaderField[];
}

/** A whole body of text or bytes. */
export interface BytesResponse {
  readonly kind: "bytes";
  readonly status: number;
  readonly contentType?: string;
  readonly fields?: readonly HeaderField[];
  readonly bytes: Buffer;
  /** Called when nothing refers to the bytes any more, where their memory is used again. */
  readonly onWritten?: () => void;
}

/** Bytes over time, each buffer a chunk. The head goes out at once. */
export interface StreamResponse {
  readonly kind: "stream";
  readonly status: number;
  readonly contentType?: string;
  readonly fields?: readonly HeaderField[];
  readonly chunks: AsyncIterable<Buffer>;
}

/** A connection that leaves HTTP. `serve` writes the head itself. The connection closes when it resolves. */
export interface HijackResponse {
  readonly kind: "hijack";
  readonly serve: (connection: HijackedConnection) => Promise<void>;
}

export function jsonResponse(value: unknown, status = 200): JsonResponse {
  return { kind: "json", status, value };
}

/** A list of JSON values, which are made one after the other. As `jsonResponse`, it has no HTML escapes. */
export function jsonListResponse(members: Iterable<unknown>, memory: TextMemory): BytesResponse {
  const text = memory.take();
  appendGoJsonListLine(text, members, false);
  const onWritten = (): void => memory.giveBack(text);
  return { kind: "bytes", status: 200, contentType: "application/json", bytes: text.bytes, onWritten };
}

/** 204 and 304 have neither a length nor a content type. */
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

export function hijackConnection(serve: (connection: HijackedConnection) => Promise<void>): HijackResponse {
  return { kind: "hijack", serve };
}
