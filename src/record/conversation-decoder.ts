/**
 * One connection's bytes as events, both sides of it. It does no input or output and holds no clock: `push` and `close`
 * take what happened and when, and give what that means. It alters no byte and asks for none. What cannot be read gives
 * one `unreadable` event, and nothing behind it: the recording of the connection ends, not the connection.
 */
import { ByteQueue } from "../base/bytes.ts";
import { BodyDecoder, type BodyEvent, resolveRequestFraming, resolveResponseFraming } from "../wire/body.ts";
import { parseRequestHead, parseResponseHead, type RequestHead, type ResponseHead, takeHead } from "../wire/head.ts";
import { type Operation, parseOperation } from "../wire/operation.ts";
import { type ContentDecoder, createContentDecoder } from "./content-decoder.ts";
import { mayHijack } from "./operation-traits.ts";
import type {
  ClientEnd,
  ClosingKind,
  ContentEvent,
  ConversationSide,
  ExchangeEvent,
  ExchangeHappening,
  RecordEvent,
} from "./record-event.ts";

/** How much a client may send behind a request that may hijack, before the response shows whether it did. */
const EARLY_LIMIT = 16 * 1024 * 1024;

interface OpenExchange {
  readonly number: number;
  readonly head: RequestHead;
  readonly operation: Operation;
  hasClientEof: boolean;
}

interface RequestInProgress {
  readonly exchange: OpenExchange;
  readonly body: BodyDecoder;
}

interface ResponseInProgress {
  readonly exchange: OpenExchange;
  readonly content: ContentDecoder;
  /** Undefined in a hijack: only the connection's end ends it. */
  readonly body: BodyDecoder | undefined;
}

type Steps<T = void> = Generator<{ readonly exchange: number } & ExchangeHappening, T>;

export class ConversationDecoder {
  readonly #connection: number;
  readonly #fromClient: ByteQueue = new ByteQueue();
  readonly #fromDaemon: ByteQueue = new ByteQueue();
  #requestCount = 0;
  /** Requested and not yet answered to the end, oldest first. */
  readonly #open: OpenExchange[] = [];
  #request: RequestInProgress | undefined;
  #response: ResponseInProgress | undefined;
  /** The exchange whose request may hijack: until it is answered, the client's next bytes have no meaning yet. */
  #undecided: OpenExchange | undefined;
  #state: "following" | "ended" | "unfollowed" = "following";
  #hasAnswered = false;
  #hasClientEnded = false;

  /** @param connection a number that no other connection of the recording has */
  constructor(connection: number) {
    this.#connection = connection;
  }

  /** Whether everything requested so far is answered to its end, and something was. */
  get isSettled(): boolean {
    if (this.#state !== "following") return this.#state === "ended";
    return this.#hasAnswered && this.#open.length === 0 && !this.isHijacked;
  }

  /** Whether the connection is not followed any further, so that it is unknown where in it an exchange ends. */
  get isUnfollowed(): boolean {
    return this.#state === "unfollowed";
  }

  /** Whether the client has closed its half. */
  get hasClientEnded(): boolean {
    return this.#hasClientEnded;
  }

  get isHijacked(): boolean {
    return this.#response?.content.kind === "hijack";
  }

  /** @param at milliseconds */
  push(side: ConversationSide, bytes: Buffer, at: number): RecordEvent[] {
    return this.#decode(at, side === "client" ? this.#readClient(bytes) : this.#readDaemon(bytes));
  }

  /** One side closes its half, breaks off or vanishes; or the recording stops (`cut`) while the connection goes on. */
  close(closing: ClientEnd | ClosingKind, at: number): RecordEvent[] {
    const events = this.#decode(at, this.#readClosing(closing));
    if (closing !== "client-eof" && closing !== "client-left" && this.#state === "following") {
      this.#state = closing === "cut" ? "unfollowed" : "ended";
    }
    return events;
  }

  /** Runs the steps to their end; what came before an error stays. */
  #decode(at: number, steps: Steps): RecordEvent[] {
    const events: RecordEvent[] = [];
    if (this.#state !== "following") return events;
    const connection = this.#connection;
    try {
      for (const step of steps) events.push({ ...step, connection, at } satisfies ExchangeEvent);
    } catch (problem) {
      this.#state = "unfollowed";
      events.push({ kind: "unreadable", connection, at, problem });
    }
    return events;
  }

  *#readClient(bytes: Buffer): Steps {
    if (this.#response !== undefined && this.isHijacked) {
      yield* stepsOf(this.#response.exchange, this.#response.content.push("client", bytes));
      return;
    }
    this.#fromClient.push(bytes);
    yield* this.#readRequests();
  }

  *#readDaemon(bytes: Buffer): Steps {
    if (this.#response !== undefined && this.isHijacked) {
      yield* stepsOf(this.#response.exchange, this.#response.content.push("daemon", bytes));
      return;
    }
    this.#fromDaemon.push(bytes);
    yield* this.#readResponses();
  }

  *#readClosing(closing: ClientEnd | ClosingKind): Steps {
    if (closing === "client-left") {
      for (const { number } of this.#open) yield { exchange: number, kind: closing };
      return;
    }
    if (closing === "client-eof") {
      this.#hasClientEnded = true;
      // What the client sent before its end may still wait for its meaning.
      if (this.#undecided === undefined) yield* this.#endClient();
      return;
    }
    if (closing === "daemon-eof") yield* this.#endCloseDelimited();
    if (closing === "client-gone" || (closing !== "cut" && this.#hasClientEnded)) yield* this.#endClient();
    yield* this.#endExchanges(closing);
  }

  *#endClient(): Steps {
    for (const exchange of this.#open) {
      if (exchange.hasClientEof) continue;
      exchange.hasClientEof = true;
      yield { exchange: exchange.number, kind: "client-eof" };
    }
  }

  *#endExchanges(closing: ClosingKind): Steps {
    for (const exchange of this.#open) {
      if (this.#response?.exchange === exchange) yield* stepsOf(exchange, this.#response.content.end());
      yield { exchange: exchange.number, kind: closing };
    }
  }

  /** A body that ends with the connection has ended well; a truncated one ends as its exchange does. */
  *#endCloseDelimited(): Steps {
    const { body } = this.#response ?? {};
    if (this.#response === undefined || body === undefined) return;
    try {
      yield* this.#readBody(this.#response, body.end());
    } catch {
      // Truncated: `daemon-eof` says so.
    }
  }

  *#readRequests(): Steps {
    for (;;) {
      if (this.#request !== undefined) {
        if (!(yield* this.#readRequestBody(this.#request))) return;
      } else if (this.#undecided !== undefined) {
        if (this.#fromClient.length > EARLY_LIMIT) throw new Error("too much was sent before the answer to an upgrade");
        return;
      } else if (!(yield* this.#beginRequest())) return;
    }
  }

  *#beginRequest(): Steps<boolean> {
    const raw = takeHead(this.#fromClient);
    if (raw === undefined) return false;
    const head = parseRequestHead(raw);
    const operation = parseOperation(head.method, head.target);
    const exchange = { number: this.#requestCount, head, operation, hasClientEof: false };
    this.#requestCount += 1;
    this.#open.push(exchange);
    this.#request = { exchange, body: new BodyDecoder(resolveRequestFraming(head)) };
    if (mayHijack(head, operation)) this.#undecided = exchange;
    yield { exchange: exchange.number, kind: "request-head", head, operation };
    return true;
  }

  /** Returns whether the body has ended. */
  *#readRequestBody({ exchange: { number }, body }: RequestInProgress): Steps<boolean> {
    for (const event of body.push(this.#fromClient.take())) {
      if (event.kind === "bytes") yield { exchange: number, kind: "request-bytes", bytes: event.bytes };
    }
    if (!body.isDone) return false;
    yield { exchange: number, kind: "request-end" };
    this.#fromClient.putBack(body.rest);
    this.#request = undefined;
    return true;
  }

  *#readResponses(): Steps {
    for (;;) {
      if (this.#response === undefined && !(yield* this.#beginResponse())) return;
      const { body } = this.#response ?? {};
      if (this.#response === undefined) continue;
      if (body === undefined || !(yield* this.#readResponseBody(this.#response, body))) return;
    }
  }

  /** Returns whether a response has begun, or an interim one was passed over. */
  *#beginResponse(): Steps<boolean> {
    const raw = takeHead(this.#fromDaemon);
    if (raw === undefined) return false;
    const head = parseResponseHead(raw);
    if (isInterim(head)) return true;
    const exchange = this.#open[0];
    if (exchange === undefined) throw new Error("the daemon sent a response to no request");
    const framing = resolveResponseFraming(head, exchange.head.method);
    const content = createContentDecoder(exchange.operation, head, framing.kind);
    const isHijack = content.kind === "hijack";
    this.#response = { exchange, content, body: isHijack ? undefined : new BodyDecoder(framing) };
    yield { exchange: exchange.number, kind: "response-head", head, framing: framing.kind, content: content.kind };
    if (isHijack) yield* this.#beginHijack(exchange, content);
    else if (this.#undecided === exchange) yield* this.#resumeRequests();
    return true;
  }

  *#resumeRequests(): Steps {
    this.#undecided = undefined;
    yield* this.#readRequests();
    if (this.#hasClientEnded) yield* this.#endClient();
  }

  /** Both sides' bytes that were read with the heads belong to the hijack. */
  *#beginHijack(exchange: OpenExchange, content: ContentDecoder): Steps {
    this.#undecided = undefined;
    const early = this.#fromClient.take();
    if (early.length > 0) yield* stepsOf(exchange, content.push("client", early));
    if (this.#hasClientEnded) yield* this.#endClient();
    const payload = this.#fromDaemon.take();
    if (payload.length > 0) yield* stepsOf(exchange, content.push("daemon", payload));
  }

  /** Returns whether the body has ended. */
  *#readResponseBody(response: ResponseInProgress, body: BodyDecoder): Steps<boolean> {
    yield* this.#readBody(response, body.push(this.#fromDaemon.take()));
    if (!body.isDone) return false;
    this.#fromDaemon.putBack(body.rest);
    return true;
  }

  *#readBody({ exchange, content }: ResponseInProgress, events: readonly BodyEvent[]): Steps {
    for (const event of events) {
      if (event.kind === "bytes") yield* stepsOf(exchange, content.push("daemon", event.bytes));
      else if (event.kind === "chunk-end") yield* stepsOf(exchange, content.endChunk());
      else if (event.kind === "trailers") yield { exchange: exchange.number, kind: "trailers", fields: event.fields };
      else yield* this.#endResponse(exchange, content);
    }
  }

  *#endResponse(exchange: OpenExchange, content: ContentDecoder): Steps {
    yield* stepsOf(exchange, content.end());
    this.#response = undefined;
    this.#open.shift();
    this.#hasAnswered = true;
    yield { exchange: exchange.number, kind: "response-end" };
  }
}

/** `100 Continue` and its like: the response's own head is still to come. */
function isInterim({ status }: ResponseHead): boolean {
  return status >= 100 && status < 200 && status !== 101;
}

function* stepsOf(exchange: OpenExchange, events: readonly ContentEvent[]): Steps {
  for (const event of events) yield { exchange: exchange.number, ...event };
}
