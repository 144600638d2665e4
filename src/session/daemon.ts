import { WhalesongError, WireError } from "../base/errors.ts";
import { type HeaderField, parseRequestHead, takeHead } from "../wire/head.ts";
import { Call, type Responder } from "./call.ts";
import type { Connection, Daemon } from "./connection.ts";
import { ConnectionReader } from "./connection-reader.ts";

/** The type of Go's answer to a request that it cannot read (net/http server.go, badRequestError). */
const PLAIN_TEXT: HeaderField = ["Content-Type", "text/plain; charset=utf-8"];

/**
 * Creates a daemon from responders. Each request goes to them in order, until one answers. A mode is such a list, and its
 * last responder must answer.
 * @example createDaemon(replay(sessions.decksFor, { clock }), respondToMiss(sessionFor))
 */
export function createDaemon(...responders: readonly Responder[]): Daemon {
  return async (connection) => {
    const reader = new ConnectionReader(connection);
    try {
      while (await answerNext(connection, reader, responders));
      connection.end();
    } catch (error) {
      respondToBadRequest(connection, error);
    }
    await drainUntilGone(reader);
  };
}

async function answerNext(
  connection: Connection,
  reader: ConnectionReader,
  responders: readonly Responder[],
): Promise<boolean> {
  const call = await readNextCall(connection, reader);
  if (call === undefined) return false;
  for (const respond of responders) {
    const answer = respond(call);
    if (typeof answer === "boolean" ? answer : await answer) return await finishCall(call);
  }
  throw new WhalesongError("WHALESONG_NO_RESPONDER", `no responder answers ${call.head.method} ${call.head.target}`);
}

/** Reads the head of the next request; undefined if the client closes before another one. */
async function readNextCall(connection: Connection, reader: ConnectionReader): Promise<Call | undefined> {
  for (;;) {
    const raw = takeHead(reader.queue);
    if (raw !== undefined) return new Call(raw, parseRequestHead(raw), connection, reader);
    if (!(await reader.readMore())) return undefined;
  }
}

async function finishCall(call: Call): Promise<boolean> {
  const concluding = call.runAnsweredHooks();
  if (concluding !== undefined) await concluding;
  if (call.connectionFate === "reset") call.connection.reset();
  // After the answer, the client may send the body or another request, and nothing tells which of the two it is.
  if (call.connectionFate !== "keep-alive" || call.isBodyHeldBack) return false;
  if (!call.isBodyRead) await call.drainBody();
  return !call.connection.isGone;
}

/** Answers a request that cannot be read, as dockerd does, and closes our half. */
function respondToBadRequest(connection: Connection, error: unknown): void {
  if (!(error instanceof WireError)) {
    connection.reset();
    throw error;
  }
  const isTooLarge = error.code === "WHALESONG_HEAD_TOO_LARGE";
  const status = isTooLarge ? "431 Request Header Fields Too Large" : "400 Bad Request";
  const [name, value] = PLAIN_TEXT;
  void connection.write(
    Buffer.from(`HTTP/1.1 ${status}\r\n${name}: ${value}\r\nConnection: close\r\n\r\n${error.message}\n`),
  );
  connection.end();
}

/** Reads until the client has closed, too: to close with unread bytes would reset what the client has yet to read. */
async function drainUntilGone(reader: ConnectionReader): Promise<void> {
  for (;;) {
    reader.queue.take();
    if (reader.hasEnded || !(await reader.readMore())) return;
  }
}
