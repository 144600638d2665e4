/** Plays one recorded exchange to one client. */
import { setImmediate as nextTick } from "node:timers/promises";
import { cutInto } from "../../base/bytes.ts";
import { usualChunk } from "../../cassette/chunks.ts";
import { composeHead, framingOf, isHijacked } from "../../cassette/implied.ts";
import type { Body, BodyFraming, Exchange, RecordedResponse } from "../../cassette/model.ts";
import type { Call } from "../../session/call.ts";
import { encodeChunk, encodeLastChunk } from "../../wire/body.ts";
import { fieldValue, type HeaderField, hasToken } from "../../wire/head.ts";
import { websocketAccept } from "../../wire/websocket.ts";
import type { OnAnswered, Score } from "./score.ts";
import { playStream } from "./stream.ts";
import { pause } from "./tempo.ts";

/** docker-py, and compose v1 which is made of it, read ahead of the head's end: what comes with it is lost to them. */
const READS_AHEAD = /\bdocker-(sdk-python|py|compose)\//;
/** No process that a daemon starts speaks sooner, however busy the client is with the head. */
const READING_MS = 50;

export async function play(call: Call, exchange: Exchange, score: Score, onAnswered: OnAnswered): Promise<void> {
  const { response } = exchange;
  if (response === undefined) return playSilence(call, exchange, score, onAnswered);
  await score.sessions.awaitFor(call, score.clock);
  await awaitHead(call, exchange, response, score);
  if (exchange.stream !== undefined) return playHeadAndStream(call, exchange, response, score, onAnswered);
  onAnswered();
  await writeWhole(call, response, score);
}

/** Recorded: the client left before it was answered. So will this one. */
async function playSilence(call: Call, exchange: Exchange, score: Score, onAnswered: OnAnswered): Promise<void> {
  // The daemon was reading: a client that asked first was told to go on.
  call.sayContinue();
  await playStream(call, exchange, score, "none");
  onAnswered();
  call.afterwards = "close";
}

/** A head is never late, unless the daemon's was: a `wait` of old APIs, a slow stop. */
async function awaitHead(call: Call, exchange: Exchange, response: RecordedResponse, score: Score): Promise<void> {
  for (const name of response.cues ?? []) {
    const dismiss = score.vigil.keep(exchange, `\`${name}\``);
    await score.cues.wait(name, call.connection.closed);
    dismiss();
  }
  if (response.waitMs === undefined) return;
  const never = new AbortController().signal;
  await pause(response.waitMs, score.tempo, score.clock, never);
}

async function playHeadAndStream(
  call: Call,
  exchange: Exchange,
  response: RecordedResponse,
  score: Score,
  onAnswered: OnAnswered,
): Promise<void> {
  if (isHijacked(response)) {
    if (!call.isRead) await call.drain();
    writeHead(call, response, score, undefined);
    await letHeadBeRead(call, score);
    await playStream(call, exchange, score, "hijack", onAnswered);
    call.afterwards = call.afterwards === "reset" ? "reset" : "close";
    return;
  }
  const framing = framingFor(call, response, undefined);
  writeHead(call, response, score, undefined);
  await playStream(call, exchange, score, framing === "chunked" ? "chunked" : "plain", onAnswered);
}

/** Whoever reads ahead is given the time that a live daemon leaves; for others two writes are enough. */
async function letHeadBeRead({ head }: Call, { clock }: Score): Promise<void> {
  if (READS_AHEAD.test(fieldValue(head.fields, "User-Agent") ?? "")) await clock.sleep(READING_MS);
  else await nextTick();
}

async function writeWhole(call: Call, response: RecordedResponse, score: Score): Promise<void> {
  const { body } = response;
  const size = body === undefined ? 0 : sizeOf(body);
  const framing = framingFor(call, response, size);
  if (framing === "close") call.afterwards = "close";
  const head = (): Buffer => headBytes(call, response, score, size);
  if (body === undefined || Buffer.isBuffer(body)) {
    const parts = framing === "chunked" ? chunked(body, response) : body === undefined ? [] : [body];
    await call.connection.write(Buffer.concat([head(), ...parts]));
    return;
  }
  const chunks = framing === "chunked" ? (response.chunks ?? "usual") : undefined;
  await writePieces(call, head, inFraming(score.pieces(body), chunks, body.size));
  if (framing === "chunked") await call.connection.write(encodeLastChunk(response.trailers ?? []));
}

/** The first piece goes before the head: whether the sidecar is there at all can only be said as long as none was sent. */
async function writePieces({ connection }: Call, head: () => Buffer, pieces: AsyncGenerator<Buffer>): Promise<void> {
  const first = await pieces.next();
  await connection.write(head());
  if (first.done !== true) await connection.write(first.value);
  for await (const piece of pieces) {
    if (connection.isGone) return;
    await connection.write(piece);
  }
}

/** HTTP/1.0 has no chunks: what was recorded in chunks ends with the connection there (RFC 9112, 7). */
function framingFor(call: Call, response: RecordedResponse, bodySize: number | undefined): BodyFraming {
  const framing = framingOf(response, { method: call.head.method, bodySize });
  return framing === "chunked" && call.head.version === "HTTP/1.0" ? "close" : framing;
}

function sizeOf(body: Body): number {
  return Buffer.isBuffer(body) ? body.length : body.size;
}

function chunked(body: Buffer | undefined, { chunks, trailers = [] }: RecordedResponse): Buffer[] {
  const last = encodeLastChunk(trailers);
  if (body === undefined || body.length === 0) return [last];
  // A body that was edited by hand may be longer than its chunks were: the rest is one more.
  return [...cutInto(body, chunks ?? []).map(encodeChunk), last];
}

/** A sidecar's pieces in chunks of the recorded sizes, or as they are. */
async function* inFraming(
  pieces: AsyncIterable<Buffer>,
  chunks: readonly number[] | "usual" | undefined,
  total: number,
): AsyncGenerator<Buffer> {
  if (chunks === undefined) return yield* pieces;
  let rest: Buffer = Buffer.alloc(0);
  let next = 0;
  const size = (): number => (chunks === "usual" ? usualChunk(total) : (chunks[next] ?? usualChunk(total)));
  for await (const piece of pieces) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const ready: Buffer[] = [];
    while (rest.length >= size()) {
      ready.push(encodeChunk(rest.subarray(0, size())));
      rest = rest.subarray(size());
      next += 1;
    }
    if (ready.length > 0) yield Buffer.concat(ready);
    // The reader of the sidecar may use its buffer again.
    rest = Buffer.from(rest);
  }
  if (rest.length > 0) yield encodeChunk(rest);
}

function writeHead(call: Call, response: RecordedResponse, score: Score, bodySize: number | undefined): void {
  void call.connection.write(headBytes(call, response, score, bodySize));
}

function headBytes(call: Call, response: RecordedResponse, score: Score, bodySize: number | undefined): Buffer {
  const { everyResponse, date } = score;
  const { asksClose, operation, head } = call;
  const setting = { operation: operation.name, method: head.method, asksClose, everyResponse, date, bodySize };
  const fields = forVersion(composeHead(response, setting), call);
  if (hasToken(fields, "Connection", "close")) call.afterwards = "close";
  return call.headBytes(response.status, response.reason, withAccept(fields, call));
}

function forVersion(fields: readonly HeaderField[], { head }: Call): readonly HeaderField[] {
  return head.version === "HTTP/1.0" ? fields.filter(([name]) => name.toLowerCase() !== "transfer-encoding") : fields;
}

/** The answer to a websocket's key is the one thing in a head that only today's client can make right. */
function withAccept(fields: readonly HeaderField[], call: Call): readonly HeaderField[] {
  const key = fieldValue(call.head.fields, "Sec-WebSocket-Key");
  if (key === undefined) return fields;
  return fields.map(([name, value]) => [name, /^sec-websocket-accept$/i.test(name) ? websocketAccept(key) : value]);
}
