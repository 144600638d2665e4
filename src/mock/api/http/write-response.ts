/** Writes responses as dockerd does. Its framing was measured (docs/protocol-notes.md). */
import { WireError } from "../../../base/errors.ts";
import type { Call } from "../../../session/call.ts";
import { lendBytes } from "../../../session/connection.ts";
import { encodeGoJson } from "../../../wire/go-json.ts";
import { encodeChunk, encodeChunkParts, LAST_CHUNK } from "../../../wire/http/body.ts";
import type { HeaderField } from "../../../wire/http/head.ts";
import { getReasonPhrase } from "../../../wire/http/reasons.ts";
import { HijackedConnection } from "./hijacked-connection.ts";
import type { ApiResponse, BytesResponse, EmptyResponse, JsonResponse, StreamResponse } from "./response.ts";

/** Go's server sends a `Content-Length` if the body fits into its buffer, else it sends chunks. */
const GO_BUFFER_BYTES = 2048;
/** From here on copying costs more than another write. */
const LARGE_BYTES = 256 * 1024;

/** The headers that every response has, and the value of `Date`. */
export interface CommonHeaders {
  readonly fields: readonly HeaderField[];
  readonly date: string;
}

export async function writeResponse(
  call: Call,
  response: ApiResponse,
  common: CommonHeaders,
  signal: AbortSignal,
): Promise<void> {
  if (response.kind === "hijack") return serveHijack(call, response.serve, signal);
  if (!call.isBodyRead && !call.isBodyHeldBack) await drainOrClose(call);
  if (response.kind === "json") return writeWhole(call, encodeJson(response), common);
  if (response.kind === "bytes") return writeBytes(call, response, common);
  if (response.kind === "empty") return writeEmpty(call, response, common);
  return writeStream(call, response, common);
}

/** What follows a body that is broken cannot be read. */
async function drainOrClose(call: Call): Promise<void> {
  try {
    await call.drainBody();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    call.connectionFate = "close";
  }
}

async function serveHijack(
  call: Call,
  serve: (connection: HijackedConnection) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  call.connectionFate = "close";
  const connection = new HijackedConnection(call, signal);
  await serve(connection);
  await connection.whenFlushed;
}

/** Unlike JSON in streams, a single value has no HTML escapes (moby api/server/httputils, WriteJSON). */
function encodeJson({ status, value, escapesHtml = false }: JsonResponse): BytesResponse {
  return {
    kind: "bytes",
    status,
    contentType: "application/json",
    bytes: Buffer.from(`${encodeGoJson(value, escapesHtml)}\n`),
  };
}

async function writeEmpty(
  call: Call,
  { status, sendsLength, fields = [] }: EmptyResponse,
  common: CommonHeaders,
): Promise<void> {
  await call.connection.write(formatHead(call, status, fields, common, sendsLength ? [["Content-Length", "0"]] : []));
}

async function writeBytes(call: Call, response: BytesResponse, common: CommonHeaders): Promise<void> {
  try {
    await writeWhole(call, response, common);
  } finally {
    response.onWritten?.();
  }
}

async function writeWhole(call: Call, response: BytesResponse, common: CommonHeaders): Promise<void> {
  const { status, bytes } = response;
  const isShort = bytes.length <= GO_BUFFER_BYTES;
  const framing = isShort ? ([["Content-Length", String(bytes.length)]] as const) : frameBody(call);
  const headBytes = formatHead(call, status, listOwnHeaders(response), common, framing);
  if (call.head.method === "HEAD") return call.connection.write(headBytes);
  const isPlain = isShort || !isChunked(call);
  const parts = [headBytes, ...(isPlain ? [bytes] : [...encodeChunkParts(bytes), LAST_CHUNK])];
  // One write where that is cheap: a large body is not copied for it.
  if (bytes.length < LARGE_BYTES) return call.connection.write(Buffer.concat(parts));
  for (const part of parts) {
    if (part === bytes && response.onWritten !== undefined) await lendBytes(call.connection, part);
    else await call.connection.write(part);
  }
}

async function writeStream(call: Call, response: StreamResponse, common: CommonHeaders): Promise<void> {
  const { connection } = call;
  await connection.write(formatHead(call, response.status, listOwnHeaders(response), common, frameBody(call)));
  for await (const chunk of response.chunks) {
    if (connection.isGone) break;
    await connection.write(isChunked(call) ? encodeChunk(chunk) : chunk);
  }
  if (isChunked(call)) await connection.write(LAST_CHUNK);
}

function listOwnHeaders({ contentType, fields = [] }: BytesResponse | StreamResponse): readonly HeaderField[] {
  return contentType === undefined ? fields : [["Content-Type", contentType], ...fields];
}

function isChunked(call: Call): boolean {
  return call.head.version !== "HTTP/1.0";
}

/** HTTP/1.0 has no chunks, so the end of the connection ends the body. */
function frameBody(call: Call): readonly HeaderField[] {
  if (isChunked(call)) return [["Transfer-Encoding", "chunked"]];
  call.connectionFate = "close";
  return [];
}

/** Go writes a handler's headers sorted by name, then `Date`, then its own. */
function formatHead(
  call: Call,
  status: number,
  own: readonly HeaderField[],
  common: CommonHeaders,
  framing: readonly HeaderField[],
): Buffer {
  const sorted = [...common.fields, ...own].sort(([one], [other]) => (one < other ? -1 : 1));
  const closing: readonly HeaderField[] =
    call.connectionFate === "close" || call.isBodyHeldBack ? [["Connection", "close"]] : [];
  return call.encodeHead(status, getReasonPhrase(status), [...sorted, ["Date", common.date], ...framing, ...closing]);
}
