import { WhalesongError, WireError } from "../base/errors.ts";
import { escapeUnprintable } from "../base/printable.ts";
import { encodeErrorBody } from "../wire/error-body.ts";
import { type HeaderField, parseRequestHead, type RequestHead, takeHead } from "../wire/head.ts";
import { Call, HTTP2_PREFACE, type Responder } from "./call.ts";
import { checkRequest } from "./check-request.ts";
import type { Connection, Daemon } from "./connection.ts";
import { ConnectionReader } from "./connection-reader.ts";
import { isControl } from "./control.ts";
import { explainRefusal } from "./refuse-strangers.ts";

/** The type of Go's answer to a request that it cannot read (net/http server.go, badRequestError). */
const PLAIN_TEXT: HeaderField = ["Content-Type", "text/plain; charset=utf-8"];
/** What stands for a request where a client begins to speak HTTP/2. */
const HTTP2_HEAD: RequestHead = {
  method: "PRI",
  target: "*",
  version: "HTTP/1.1",
  fields: [["Connection", "close"]],
};

/**
 * Creates a daemon from responders. Each request goes to them in order, until one answers. A mode is such a list, and its
 * last responder must answer.
 * @example
 * const daemon = createDaemon(mock(createEngine({ clock: systemClock, startMs: Date.now() })));
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
  try {
    return (await refuseStranger(call, connection)) ? false : await answerCall(call, responders);
  } catch (error) {
    // The body broke behind the response: a second response would be taken for the next request's.
    if (call.isAnswered && error instanceof WireError) return false;
    throw error;
  }
}

/** Answers a request that a page in a browser may have sent with 403, and closes. */
async function refuseStranger(call: Call, { tcp }: Connection): Promise<boolean> {
  const why = tcp === undefined ? undefined : explainRefusal(call.head, isControl(call), tcp);
  if (why === undefined) return false;
  call.connectionFate = "close";
  const { contentType, body } = encodeErrorBody(call.operation.apiVersion, escapeUnprintable(why));
  const fields: HeaderField[] = [contentType, ["Content-Length", String(body.length)], ["Connection", "close"]];
  await call.connection.write(Buffer.concat([call.encodeHead(403, "Forbidden", fields), body]));
  return true;
}

async function answerCall(call: Call, responders: readonly Responder[]): Promise<boolean> {
  for (const respond of responders) {
    if (call.isHttp2 && respond.takesHttp2 !== true) continue;
    const answer = respond(call);
    if (typeof answer === "boolean" ? answer : await answer) return await finishCall(call);
  }
  // To a daemon that speaks HTTP/1.1 only, it is a request of a wrong version.
  if (call.isHttp2) parseRequestHead(call.rawHead);
  throw new WhalesongError("WHALESONG_NO_RESPONDER", `no responder answers ${call.head.method} ${call.head.target}`);
}

/** Reads the head of the next request; undefined if the client closes before another one. */
async function readNextCall(connection: Connection, reader: ConnectionReader): Promise<Call | undefined> {
  for (;;) {
    const raw = takeHead(reader.queue);
    if (raw !== undefined) return createCall(raw, connection, reader);
    if (!(await reader.readMore())) return undefined;
  }
}

function createCall(raw: Buffer, connection: Connection, reader: ConnectionReader): Call {
  if (raw.equals(HTTP2_PREFACE)) return new Call(raw, HTTP2_HEAD, connection, reader);
  const head = parseRequestHead(raw);
  checkRequest(head);
  return new Call(raw, head, connection, reader);
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
  const [name, value] = PLAIN_TEXT;
  const head = `HTTP/1.1 ${selectStatus(error)}\r\n${name}: ${value}\r\nConnection: close\r\n\r\n`;
  void connection.write(Buffer.from(`${head}${error.message}\n`));
  connection.end();
}

/** Go's status for each fault (net/http server.go, conn.serve). */
function selectStatus({ code, fields }: WireError): string {
  if (code === "WHALESONG_HEAD_TOO_LARGE") return "431 Request Header Fields Too Large";
  if (code === "WHALESONG_BAD_TRANSFER_ENCODING") return "501 Not Implemented";
  return "expectation" in fields ? "417 Expectation Failed" : "400 Bad Request";
}

/** Reads until the client has closed, too: to close with unread bytes would reset what the client has yet to read. */
async function drainUntilGone(reader: ConnectionReader): Promise<void> {
  for (;;) {
    reader.queue.take();
    if (reader.hasEnded || !(await reader.readMore())) return;
  }
}
