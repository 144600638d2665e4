import { WhalesongError, WireError } from "../base/errors.ts";
import { escapeUnprintable } from "../base/printable.ts";
import { encodeErrorBody } from "../wire/http/error-body.ts";
import type { HeaderField } from "../wire/http/head.ts";
import { Call, type Responder } from "./call.ts";
import type { Connection, Daemon } from "./connection.ts";
import { ConnectionReader } from "./connection-reader.ts";
import { isControl } from "./control.ts";
import { KnownRequests, type OnBadHead } from "./known-requests.ts";
import { explainRefusal } from "./refuse-strangers.ts";

/** The type of Go's answer to a request that it cannot read (net/http server.go, badRequestError). */
const PLAIN_TEXT: HeaderField = ["Content-Type", "text/plain; charset=utf-8"];

/** Whether another request is read from the connection. A promise only where something has to be waited for. */
type GoesOn = boolean | Promise<boolean>;

/**
 * Creates a daemon from responders. Each request goes to them in order, until one answers. A mode is such a list, and its
 * last responder must answer.
 * @example
 * const daemon = createDaemon(mock(createEngine({ clock: systemClock, startMs: Date.now() })));
 */
export function createDaemon(...responders: readonly Responder[]): Daemon {
  return serveConnections(new KnownRequests(), responders);
}

/**
 * `createDaemon` for a mode that must not overlook what no responder gets to see.
 * @param onBadHead called with each head that is refused: what came is no HTTP, or no request that dockerd takes
 */
export function createWatchfulDaemon(onBadHead: OnBadHead, ...responders: readonly Responder[]): Daemon {
  return serveConnections(new KnownRequests(onBadHead), responders);
}

function serveConnections(requests: KnownRequests, responders: readonly Responder[]): Daemon {
  return (connection) =>
    new Promise((resolve, reject) => {
      new ConnectionServer(connection, { requests, responders, resolve, reject }).serve();
    });
}

interface Serving {
  readonly responders: readonly Responder[];
  readonly requests: KnownRequests;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Serves one connection. Where a responder answers at once, the request is answered in the turn in which its bytes arrive,
 * without a promise: a turn of the event loop has many requests, and each promise costs as much as the look-up.
 */
class ConnectionServer {
  readonly #connection: Connection;
  readonly #reader: ConnectionReader;
  readonly #serving: Serving;

  constructor(connection: Connection, serving: Serving) {
    this.#connection = connection;
    this.#reader = new ConnectionReader(connection);
    this.#serving = serving;
  }

  /** Answers the requests that have arrived, and comes back when there are more. */
  readonly serve = (): void => {
    try {
      for (;;) {
        const request = this.#serving.requests.take(this.#reader.queue);
        if (request === undefined) break;
        const goesOn = answerNext(new Call(request, this.#connection, this.#reader), this.#serving);
        if (goesOn === true) continue;
        if (goesOn === false) this.#end();
        else this.#waitForAnswer(goesOn);
        return;
      }
      this.#waitForMore();
    } catch (error) {
      this.#fail(error);
    }
  };

  #waitForMore(): void {
    if (this.#reader.hasEnded) this.#end();
    else this.#reader.whenMore(this.serve);
  }

  #waitForAnswer(goesOn: Promise<boolean>): void {
    goesOn.then(
      (isMore) => (isMore ? this.serve() : this.#end()),
      (error: unknown) => this.#fail(error),
    );
  }

  #end(): void {
    this.#connection.end();
    this.#drainUntilGone();
  }

  #fail(error: unknown): void {
    try {
      respondToBadRequest(this.#connection, error);
      this.#drainUntilGone();
    } catch (cause) {
      this.#serving.reject(cause);
    }
  }

  /** Reads until the client has closed, too: to close with unread bytes would reset what the client has yet to read. */
  readonly #drainUntilGone = (): void => {
    const { queue, hasEnded } = this.#reader;
    queue.drop(queue.length);
    if (hasEnded) this.#serving.resolve();
    else this.#reader.whenMore(this.#drainUntilGone);
  };
}

function answerNext(call: Call, serving: Serving): GoesOn {
  try {
    const refusal = refuseStranger(call);
    if (refusal !== undefined) return refusal.then(() => false);
    const goesOn = answerCall(call, serving);
    return typeof goesOn === "boolean" ? goesOn : goesOn.catch((error: unknown) => giveUp(call, error));
  } catch (error) {
    return giveUp(call, error);
  }
}

/** The body broke behind the response: a second response would be taken for the next request's. */
function giveUp(call: Call, error: unknown): false {
  if (call.isAnswered && error instanceof WireError) return false;
  throw error;
}

/** Answers a request that a page in a browser may have sent with 403, and closes. Undefined for any other. */
function refuseStranger(call: Call): Promise<void> | undefined {
  const { tcp } = call.connection;
  const why = tcp === undefined ? undefined : explainRefusal(call.head, isControl(call), tcp);
  return why === undefined ? undefined : writeRefusal(call, why);
}

async function writeRefusal(call: Call, why: string): Promise<void> {
  call.connectionFate = "close";
  const { contentType, body } = encodeErrorBody(call.operation.apiVersion, escapeUnprintable(why));
  const fields: HeaderField[] = [contentType, ["Content-Length", String(body.length)], ["Connection", "close"]];
  await call.connection.write(Buffer.concat([call.encodeHead(403, "Forbidden", fields), body]));
}

function answerCall(call: Call, serving: Serving, from = 0): GoesOn {
  const { responders, requests } = serving;
  for (let at = from; at < responders.length; at += 1) {
    const respond = responders[at] as Responder;
    if (call.isHttp2 && respond.takesHttp2 !== true) continue;
    const answer = respond(call);
    if (typeof answer !== "boolean") {
      return answer.then((isAnswered) => (isAnswered ? finishCall(call) : answerCall(call, serving, at + 1)));
    }
    if (answer) return finishCall(call);
  }
  // To a daemon that speaks HTTP/1.1 only, it is a request of a wrong version.
  if (call.isHttp2) requests.refuse(call.rawHead);
  throw new WhalesongError("WHALESONG_NO_RESPONDER", `no responder answers ${call.head.method} ${call.head.target}`);
}

function finishCall(call: Call): GoesOn {
  const concluding = call.runAnsweredHooks();
  return concluding === undefined ? decideConnection(call) : concluding.then(() => decideConnection(call));
}

function decideConnection(call: Call): GoesOn {
  if (call.connectionFate === "reset") call.connection.reset();
  // After the answer, the client may send the body or another request, and nothing tells which of the two it is.
  if (call.connectionFate !== "keep-alive" || call.isBodyHeldBack) return false;
  if (!call.isBodyRead) return call.drainBody().then(() => !call.connection.isGone);
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
