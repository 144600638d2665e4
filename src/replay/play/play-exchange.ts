/** Plays one recorded exchange to one client: the head, then the body or the stream. */
import { cutIntoPieces } from "../../base/bytes.ts";
import { waitForTurn } from "../../base/turns.ts";
import { getUsualChunkSize } from "../../cassette/chunks.ts";
import type { BodyFraming, RecordedResponse, SidecarRef } from "../../cassette/model.ts";
import { composeHead, isHijacked, resolveFraming } from "../../cassette/response-head.ts";
import { createReadingMemory } from "../../cassette/sidecar-ref.ts";
import type { Call } from "../../session/call.ts";
import { lendBytes } from "../../session/connection.ts";
import { encodeChunk, encodeLastChunk } from "../../wire/http/body.ts";
import { findFieldValue, type HeaderField, hasToken } from "../../wire/http/head.ts";
import { computeWebsocketAccept } from "../../wire/streams/websocket.ts";
import { isPing } from "../history/collect-api-versions.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import type { EncodedResponse } from "../run/prepared-responses.ts";
import { substituteInResponse } from "../run/substitution.ts";
import { ClientStream } from "./client-stream.ts";
import { giveTimeToRead } from "./give-time-to-read.ts";
import { offerVersion } from "./offer-version.ts";
import type { OnAnswered, PlaybackContext } from "./playback-context.ts";
import { playStream } from "./stream-player.ts";
import type { Wrapping } from "./stream-player-options.ts";
import { waitForHead } from "./wait-for-head.ts";

/** docker-py, and compose v1 which is made of it, read beyond the head and lose what comes in the same read. */
const READS_BEYOND_HEAD = /\bdocker-(sdk-python|py|compose)\//;
/** No process that a daemon starts writes sooner, however busy the client is with the head. */
const HEAD_READING_MS = 50;

/** A client that leaves later than this, beyond the time that the daemon took, has no time limit any more. */
const PATIENCE_MS = 10_000;

/** One exchange on its way to one client. */
interface Playing {
  readonly call: Call;
  readonly live: LiveExchange;
  readonly context: PlaybackContext;
  readonly onAnswered: OnAnswered;
}

/** What a head depends on. */
interface HeadContext {
  readonly call: Call;
  readonly context: Pick<PlaybackContext, "run" | "apiVersions">;
}

/** Resolves when the response has been written, or when the client has gone. */
export async function playExchange(
  call: Call,
  live: LiveExchange,
  context: PlaybackContext,
  onAnswered: OnAnswered,
): Promise<void> {
  const playing = { call, live, context, onAnswered };
  if (live.exchange.response === undefined) return playUnanswered(playing);
  const session = context.run.buildKitSessions.waitForSession(call, context.clock);
  if (session !== undefined) await session;
  const { isLeft, cues, untils, waitMs } = readResponse(playing);
  if (isLeft === true && (await waitUntilClientLeaves(playing, waitMs))) return;
  if (cues !== undefined || untils !== undefined || waitMs !== undefined) await waitForHead(playing);
  const response = substituteInResponse(readResponse(playing), context.substitution);
  if (live.exchange.stream !== undefined) return playHeadAndStream(playing, response);
  const reads = onAnswered(call.connection.closed);
  if (reads !== undefined) await reads;
  await writeResponse(playing, response);
  // A daemon without BuildKit refuses the session: a build has nothing to wait for.
  if (call.operation.name === "Session") context.run.buildKitSessions.markFinished(call);
}

/** The response as it was recorded. What waits before its head may turn out to be another one meanwhile. */
function readResponse({ live }: Playing): RecordedResponse {
  return live.exchange.response as RecordedResponse;
}

/** In the recording the client left before the daemon answered. This client will leave, too. */
async function playUnanswered(playing: Playing): Promise<void> {
  const { call, onAnswered } = playing;
  // The daemon was reading: a client that expected `100 Continue` got it.
  call.sendContinue();
  await playStream({ ...playing, wrapping: "none", onAnswered: () => undefined });
  await onAnswered(call.connection.closed);
  call.connectionFate = "close";
}

/** Resolves with whether the client has left, as it did in the recording; then the change goes on without it. */
async function waitUntilClientLeaves(playing: Playing, waitMs = 0): Promise<boolean> {
  const { call, live, context, onAnswered } = playing;
  const client = new ClientStream(call, false);
  const removeFromLog = context.run.waits.add(live.exchange, "the client to leave, as it did when it was recorded");
  await context.clock.sleep(waitMs + PATIENCE_MS, client.leaving);
  removeFromLog();
  if (!client.leaving.aborted) return false;
  call.connectionFate = "close";
  await onAnswered(new Promise(() => undefined));
  return true;
}

async function playHeadAndStream(playing: Playing, response: RecordedResponse): Promise<void> {
  const { call } = playing;
  if (isHijacked(response)) {
    if (!call.isBodyRead) await call.drainBody();
    writeHead(playing, response);
    await waitUntilHeadIsRead(playing);
    await playStream({ ...playing, wrapping: "hijack" });
    if (call.connectionFate !== "reset") call.connectionFate = "close";
    return;
  }
  const wrapping: Wrapping = selectFraming(call, response, undefined) === "chunked" ? "chunked" : "plain";
  writeHead(playing, response);
  await playStream({ ...playing, wrapping });
}

/** A client that reads beyond the head gets the time that a live daemon leaves. For others two writes are enough. */
async function waitUntilHeadIsRead({ call, context }: Playing): Promise<void> {
  const isSlow = READS_BEYOND_HEAD.test(findFieldValue(call.head.fields, "User-Agent") ?? "");
  if (isSlow) await giveTimeToRead(context.clock, { delayMs: HEAD_READING_MS });
  else await waitForTurn();
}

function writeResponse(playing: Playing, response: RecordedResponse): Promise<void> | undefined {
  const { body } = response;
  if (body !== undefined && !Buffer.isBuffer(body)) return writeSidecar(playing, response, body);
  const { bytes, isLast } = encodeResponse(playing, response, body);
  if (isLast) playing.call.connectionFate = "close";
  return playing.call.connection.write(bytes);
}

/** A response that is one write. */
export function encodeResponse(
  playing: HeadContext,
  response: RecordedResponse,
  body: Buffer | undefined,
): EncodedResponse {
  const size = body?.length ?? 0;
  const framing = selectFraming(playing.call, response, size);
  const fields = composeFields(playing, response, size);
  const parts = framing === "chunked" ? encodeChunks(body, response) : body === undefined ? [] : [body];
  return {
    status: response.status,
    bytes: Buffer.concat([playing.call.encodeHead(response.status, response.reason, fields), ...parts]),
    isLast: framing === "close" || hasToken(fields, "Connection", "close"),
  };
}

async function writeSidecar(playing: Playing, response: RecordedResponse, body: SidecarRef): Promise<void> {
  const { call, context } = playing;
  const { size } = body;
  const framing = selectFraming(call, response, size);
  if (framing === "close") call.connectionFate = "close";
  const encode = (): Buffer => encodeHead(playing, response, size);
  if (framing === "chunked") {
    await writePieces(call, encode, splitIntoChunks(context.run.pieces(body), response.chunks ?? "usual", size));
    await call.connection.write(encodeLastChunk(response.trailers ?? []));
  } else {
    await writePieces(call, encode, context.run.pieces(body, { into: createReadingMemory(body) }));
  }
}

/** Reads the first piece before it writes the head: a missing sidecar can be reported only as long as no head is out. */
async function writePieces({ connection }: Call, encode: () => Buffer, pieces: AsyncIterable<Buffer>): Promise<void> {
  let isHeadWritten = false;
  for await (const piece of pieces) {
    if (!isHeadWritten) await connection.write(encode());
    isHeadWritten = true;
    if (connection.isGone) return;
    await lendBytes(connection, piece);
  }
  if (!isHeadWritten) await connection.write(encode());
}

/** HTTP/1.0 has no chunks: a response that was recorded in chunks ends with the connection there (RFC 9112, 7). */
function selectFraming(call: Call, response: RecordedResponse, bodySize: number | undefined): BodyFraming {
  const framing = resolveFraming(response, { method: call.head.method, bodySize });
  return framing === "chunked" && call.head.version === "HTTP/1.0" ? "close" : framing;
}

function encodeChunks(body: Buffer | undefined, { chunks, trailers = [] }: RecordedResponse): Buffer[] {
  const last = encodeLastChunk(trailers);
  if (body === undefined || body.length === 0) return [last];
  // A body that was edited by hand may be longer than its chunks were: the rest is one more.
  return [...cutIntoPieces(body, chunks ?? []).map(encodeChunk), last];
}

/** A sidecar's pieces in chunks of the recorded sizes. */
async function* splitIntoChunks(
  pieces: AsyncIterable<Buffer>,
  chunks: readonly number[] | "usual",
  total: number,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let next = 0;
  const getNextSize = (): number =>
    chunks === "usual" ? getUsualChunkSize(total) : (chunks[next] ?? getUsualChunkSize(total));
  for await (const piece of pieces) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const ready: Buffer[] = [];
    while (rest.length >= getNextSize()) {
      ready.push(encodeChunk(rest.subarray(0, getNextSize())));
      rest = rest.subarray(getNextSize());
      next += 1;
    }
    if (ready.length > 0) yield Buffer.concat(ready);
  }
  if (rest.length > 0) yield encodeChunk(rest);
}

function writeHead(playing: Playing, response: RecordedResponse): void {
  void playing.call.connection.write(encodeHead(playing, response, undefined));
}

function encodeHead(playing: Playing, response: RecordedResponse, bodySize: number | undefined): Buffer {
  const { call } = playing;
  const fields = composeFields(playing, response, bodySize);
  if (hasToken(fields, "Connection", "close")) call.connectionFate = "close";
  return call.encodeHead(response.status, response.reason, fields);
}

function composeFields(
  { call, context }: HeadContext,
  response: RecordedResponse,
  bodySize: number | undefined,
): readonly HeaderField[] {
  const { everyResponse, date } = context.run;
  const { requestsClose, operation, head } = call;
  const setting = {
    operation: operation.name,
    method: head.method,
    asksClose: requestsClose,
    everyResponse,
    date,
    bodySize,
  };
  const recorded = convertToVersion(composeHead(response, setting), call);
  const fields = isPing(operation.name) ? offerVersion(recorded, context.apiVersions()) : recorded;
  return withAccept(fields, call);
}

function convertToVersion(fields: readonly HeaderField[], { head }: Call): readonly HeaderField[] {
  return head.version === "HTTP/1.0" ? fields.filter(([name]) => name.toLowerCase() !== "transfer-encoding") : fields;
}

/** The accept value of a websocket is the one field that depends on the client's head (RFC 6455, 4.2.2). */
function withAccept(fields: readonly HeaderField[], call: Call): readonly HeaderField[] {
  const key = findFieldValue(call.head.fields, "Sec-WebSocket-Key");
  if (key === undefined) return fields;
  return fields.map(([name, value]) => [
    name,
    /^sec-websocket-accept$/i.test(name) ? computeWebsocketAccept(key) : value,
  ]);
}
