/** Answers as dockerd puts them on the wire; its framing was measured (docs/protocol-notes.md). */
import type { Call } from "../../../session/call.ts";
import { encodeChunk, LAST_CHUNK } from "../../../wire/body.ts";
import { goJson } from "../../../wire/go-json.ts";
import type { HeaderField } from "../../../wire/head.ts";
import { reasonOf } from "../../../wire/reasons.ts";
import type { Answer, Bytes, Empty, Json, Stream } from "./answer.ts";
import { Hijacked } from "./hijacked.ts";

/** Go's server says the length of what fits into its buffer, and chunks what does not. */
const SAID_WITH_LENGTH = 2048;

/** The headers that every answer of a simulated daemon has, and the time of day. */
export interface Letterhead {
  readonly fields: readonly HeaderField[];
  readonly date: string;
}

export async function writeAnswer(
  call: Call,
  answer: Answer,
  letterhead: Letterhead,
  left: AbortSignal,
): Promise<void> {
  if (answer.kind === "hijack") return hijacked(call, answer.talk, left);
  if (!call.isRead && !call.isHeldBack) await call.drain();
  if (answer.kind === "json") return writeWhole(call, wholeJson(answer), letterhead);
  if (answer.kind === "bytes") return writeWhole(call, answer, letterhead);
  if (answer.kind === "empty") return writeEmpty(call, answer, letterhead);
  return writeStream(call, answer, letterhead);
}

async function hijacked(call: Call, talk: (wire: Hijacked) => Promise<void>, left: AbortSignal): Promise<void> {
  call.afterwards = "close";
  const wire = new Hijacked(call, left);
  await talk(wire);
  await wire.said;
}

/** Unlike streams of JSON, a single value is written without escapes for HTML (moby api/server/httputils, WriteJSON). */
function wholeJson({ status, value }: Json): Bytes {
  return { kind: "bytes", status, contentType: "application/json", bytes: Buffer.from(`${goJson(value, false)}\n`) };
}

async function writeEmpty(
  call: Call,
  { status, saysLength, fields = [] }: Empty,
  letterhead: Letterhead,
): Promise<void> {
  await call.connection.write(head(call, status, fields, letterhead, saysLength ? [["Content-Length", "0"]] : []));
}

async function writeWhole(call: Call, answer: Bytes, letterhead: Letterhead): Promise<void> {
  const { status, bytes } = answer;
  const isShort = bytes.length <= SAID_WITH_LENGTH;
  const framing = isShort ? ([["Content-Length", String(bytes.length)]] as const) : chunking(call);
  const start = head(call, status, ownFields(answer), letterhead, framing);
  const body = isShort || !isChunked(call) ? bytes : Buffer.concat([encodeChunk(bytes), LAST_CHUNK]);
  await call.connection.write(call.head.method === "HEAD" ? start : Buffer.concat([start, body]));
}

async function writeStream(call: Call, answer: Stream, letterhead: Letterhead): Promise<void> {
  const { connection } = call;
  await connection.write(head(call, answer.status, ownFields(answer), letterhead, chunking(call)));
  for await (const piece of answer.pieces) {
    if (connection.isGone) break;
    await connection.write(isChunked(call) ? encodeChunk(piece) : piece);
  }
  if (isChunked(call)) await connection.write(LAST_CHUNK);
}

function ownFields({ contentType, fields = [] }: Bytes | Stream): readonly HeaderField[] {
  return contentType === undefined ? fields : [["Content-Type", contentType], ...fields];
}

function isChunked(call: Call): boolean {
  return call.head.version !== "HTTP/1.0";
}

/** An HTTP/1.0 client knows no chunks: the end of the connection is the end of the body. */
function chunking(call: Call): readonly HeaderField[] {
  if (isChunked(call)) return [["Transfer-Encoding", "chunked"]];
  call.afterwards = "close";
  return [];
}

/** Handlers' headers sorted by name, then Date, then what Go's server adds. */
function head(
  call: Call,
  status: number,
  own: readonly HeaderField[],
  letterhead: Letterhead,
  framing: readonly HeaderField[],
): Buffer {
  const sorted = [...letterhead.fields, ...own].sort(([one], [other]) => (one < other ? -1 : 1));
  const closing: readonly HeaderField[] =
    call.afterwards === "close" || call.isHeldBack ? [["Connection", "close"]] : [];
  return call.headBytes(status, reasonOf(status), [...sorted, ["Date", letterhead.date], ...framing, ...closing]);
}
