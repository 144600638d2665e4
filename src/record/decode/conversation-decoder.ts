/**
 * One connection's bytes as events, both sides of it. It does no input or output and holds no clock: `push` and `close`
 * take what happened and when, and give what that means. It alters no byte and asks for none. What cannot be read gives
 * one `unreadable` event, and nothing behind it: the recording of the connection ends, not the connection.
 */
import { ByteQueue } from "../../base/bytes.ts";
import { joinMembers } from "../../base/join-members.ts";
import { BodyDecoder, type BodyEvent, resolveRequestFraming, resolveResponseFraming } from "../../wire/http/body.ts";
import { parseRequestHead, parseResponseHead, type ResponseHead, takeHead } from "../../wire/http/head.ts";
import { parseOperation } from "../../wire/operations/operation.ts";
import { type ContentDecoder, createContentDecoder } from "./content-decoder.ts";
import { HeadMemory } from "./head-memory.ts";
import type { OpenExchange, RequestInProgress, ResponseInProgress } from "./open-exchange.ts";
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

export class ConversationDecoder {
  readonly #connection: number;
  readonly #fromClient: ByteQueue = new ByteQueue();
  readonly #fromDaemon: ByteQueue = new ByteQueue();
  readonly #requestHeads = new HeadMemory(parseRequest);
  readonly #responseHeads = new HeadMemory(parseResponseHead);
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
  /** What has happened, and when: gathered while bytes are read. Generators in place of it would take more time than all else. */
  #events: RecordEvent[] = [];
  #at = 0;

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
    return this.#decode(at, () => (side === "client" ? this.#readClient(bytes) : this.#readDaemon(bytes)));
  }

  /** One side closes its half, breaks off or vanishes; or the recording stops (`cut`) while the connection goes on. */
  close(closing: ClientEnd | ClosingKind, at: number): RecordEvent[] {
    const events = this.#decode(at, () => this.#readClosing(closing));
    if (closing !== "client-eof" && closing !== "client-left" && this.#state === "following") {
      this.#state = closing === "cut" ? "unfollowed" : "ended";
    }
    return events;
  }

  /** Reads to the end; what came before an error stays. */
  #decode(at: number, read: () => void): RecordEvent[] {
    if (this.#state !== "following") return [];
    this.#at = at;
    try {
      read();
    } catch (problem) {
      this.#state = "unfollowed";
      this.#events.push({ kind: "unreadable", connection: this.#connection, at, problem });
    }
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #emit({ number }: OpenExchange, happening: ExchangeHappening): void {
    const place = { connection: this.#connection, exchange: number, at: this.#at };
    this.#events.push(joinMembers(happening, place) satisfies ExchangeEvent);
  }

  #emitAll(exchange: OpenExchange, events: readonly ContentEvent[]): void {
    for (const event of events) this.#emit(exchange, event);
  }

  #readClient(bytes: Buffer): void {
    if (this.#response !== undefined && this.isHijacked) {
      this.#emitAll(this.#response.exchange, this.#response.content.push("client", bytes));
      return;
    }
    this.#fromClient.push(bytes);
    this.#readRequests();
  }

  #readDaemon(bytes: Buffer): void {
    if (this.#response !== undefined && this.isHijacked) {
      this.#emitAll(this.#response.exchange, this.#response.content.push("daemon", bytes));
      return;
    }
    this.#fromDaemon.push(bytes);
    this.#readResponses();
  }

  #readClosing(closing: ClientEnd | ClosingKind): void {
    if (closing === "client-left") {
      for (const exchange of this.#open) this.#emit(exchange, { kind: closing });
      return;
    }
    if (closing === "client-eof") {
      this.#hasClientEnded = true;
      // What the client sent before its end may still wait for its meaning.
      if (this.#undecided === undefined) this.#endClient();
      return;
    }
    if (closing === "daemon-eof") this.#endCloseDelimited();
    if (closing === "client-gone" || (closing !== "cut" && this.#hasClientEnded)) this.#endClient();
    this.#endExchanges(closing);
  }

  #endClient(): void {
    for (const exchange of this.#open) {
      if (exchange.hasClientEof) continue;
      exchange.hasClientEof = true;
      this.#emit(exchange, { kind: "client-eof" });
    }
  }

  #endExchanges(closing: ClosingKind): void {
    for (const exchange of this.#open) {
      if (this.#response?.exchange === exchange) this.#emitAll(exchange, this.#response.content.end());
      this.#emit(exchange, { kind: closing });
    }
  }

  /** A body that ends with the connection has ended well; a truncated one ends as its exchange does. */
  #endCloseDelimited(): void {
    const { body } = this.#response ?? {};
    if (this.#response === undefined || body === undefined) return;
    try {
      this.#readBody(this.#response, body.end());
    } catch {
      // Truncated: `daemon-eof` says so.
    }
  }

  #readRequests(): void {
    for (;;) {
      if (this.#request !== undefined) {
        if (!this.#readRequestBody(this.#request)) return;
      } else if (this.#undecided !== undefined) {
        if (this.#fromClient.length > EARLY_LIMIT) throw new Error("too much was sent before the answer to an upgrade");
        return;
      } else if (!this.#beginRequest()) return;
    }
  }

  #beginRequest(): boolean {
    const raw = takeHead(this.#fromClient);
    if (raw === undefined) return false;
    const { head, operation } = this.#requestHeads.read(raw);
    const exchange = { number: this.#requestCount, head, operation, hasClientEof: false };
    this.#requestCount += 1;
    this.#open.push(exchange);
    this.#request = { exchange, body: new BodyDecoder(resolveRequestFraming(head)) };
    if (mayHijack(head, operation)) this.#undecided = exchange;
    this.#emit(exchange, { kind: "request-head", head, operation });
    return true;
  }

  /** Returns whether the body has ended. */
  #readRequestBody({ exchange, body }: RequestInProgress): boolean {
    for (const event of body.push(this.#fromClient.take())) {
      if (event.kind === "bytes") this.#emit(exchange, { kind: "request-bytes", bytes: event.bytes });
    }
    if (!body.isDone) return false;
    this.#emit(exchange, { kind: "request-end" });
    this.#fromClient.putBack(body.rest);
    this.#request = undefined;
    return true;
  }

  #readResponses(): void {
    for (;;) {
      if (this.#response === undefined && !this.#beginResponse()) return;
      const { body } = this.#response ?? {};
      if (this.#response === undefined) continue;
      if (body === undefined || !this.#readResponseBody(this.#response, body)) return;
    }
  }

  /** Returns whether a response has begun, or an interim one was passed over. */
  #beginResponse(): boolean {
    const raw = takeHead(this.#fromDaemon);
    if (raw === undefined) return false;
    const head = this.#responseHeads.read(raw);
    if (isInterim(head)) return true;
    const exchange = this.#open[0];
    if (exchange === undefined) throw new Error("the daemon sent a response to no request");
    const framing = resolveResponseFraming(head, exchange.head.method);
    const content = createContentDecoder(exchange.operation, head, framing.kind);
    const isHijack = content.kind === "hijack";
    this.#response = { exchange, content, body: isHijack ? undefined : new BodyDecoder(framing) };
    this.#emit(exchange, { kind: "response-head", head, framing: framing.kind, content: content.kind });
    if (isHijack) this.#beginHijack(exchange, content);
    else if (this.#undecided === exchange) this.#resumeRequests();
    return true;
  }

  #resumeRequests(): void {
    this.#undecided = undefined;
    this.#readRequests();
    if (this.#hasClientEnded) this.#endClient();
  }

  /** Both sides' bytes that were read with the heads belong to the hijack. */
  #beginHijack(exchange: OpenExchange, content: ContentDecoder): void {
    this.#undecided = undefined;
    const early = this.#fromClient.take();
    if (early.length > 0) this.#emitAll(exchange, content.push("client", early));
    if (this.#hasClientEnded) this.#endClient();
    const payload = this.#fromDaemon.take();
    if (payload.length > 0) this.#emitAll(exchange, content.push("daemon", payload));
  }

  /** Returns whether the body has ended. */
  #readResponseBody(response: ResponseInProgress, body: BodyDecoder): boolean {
    this.#readBody(response, body.push(this.#fromDaemon.take()));
    if (!body.isDone) return false;
    this.#fromDaemon.putBack(body.rest);
    return true;
  }

  #readBody({ exchange, content }: ResponseInProgress, events: readonly BodyEvent[]): void {
    for (const event of events) {
      if (event.kind === "bytes") this.#emitAll(exchange, content.push("daemon", event.bytes));
      else if (event.kind === "chunk-end") this.#emitAll(exchange, content.endChunk());
      else if (event.kind === "trailers") this.#emit(exchange, { kind: "trailers", fields: event.fields });
      else this.#endResponse(exchange, content);
    }
  }

  #endResponse(exchange: OpenExchange, content: ContentDecoder): void {
    this.#emitAll(exchange, content.end());
    this.#response = undefined;
    this.#open.shift();
    this.#hasAnswered = true;
    this.#emit(exchange, { kind: "response-end" });
  }
}

function parseRequest(raw: Buffer): Pick<OpenExchange, "head" | "operation"> {
  const head = parseRequestHead(raw);
  return { head, operation: parseOperation(head.method, head.target) };
}

/** `100 Continue` and its like: the response's own head is still to come. */
function isInterim({ status }: ResponseHead): boolean {
  return status >= 100 && status < 200 && status !== 101;
}
