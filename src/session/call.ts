import type { NormalizedBody } from "../match/normalize-body.ts";
import type { NormalizedRequest } from "../match/normalize-request.ts";
import { BodyDecoder, type BodyEvent, resolveRequestFraming } from "../wire/body.ts";
import { encodeResponseHead, type HeaderField, hasToken, type RequestHead } from "../wire/head.ts";
import { type Operation, parseOperation } from "../wire/operation.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionReader } from "./connection-reader.ts";

/** Answers one call and returns true, or declines it untouched and returns false. */
export interface Responder {
  (call: Call): Promise<boolean> | boolean;
  /**
   * Is also called where a client begins to speak HTTP/2 (`isHttp2`).
   * @default false
   */
  readonly takesHttp2?: boolean;
}

/** What happens to the connection after a call: another request is read, our half is closed, or all is broken off. */
export type ConnectionFate = "keep-alive" | "close" | "reset";

/** Bytes of a body that are remembered for the responders behind one that declined. */
const REMEMBERED = 64 * 1024 * 1024;
/** How a client begins that speaks HTTP/2 without an upgrade (RFC 9113, 3.4): a head that no HTTP/1.1 request has. */
export const HTTP2_PREFACE: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\n", "latin1");
const CONTINUE = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n", "latin1");

/** One request: its head, its body as it arrives, and the connection on which it is answered. */
export class Call {
  readonly head: RequestHead;
  readonly rawHead: Buffer;
  readonly operation: Operation;
  /** The client's bytes behind the head: the body first, then what follows it. */
  readonly reader: ConnectionReader;
  /** The request in the form in which it is compared, by the rules that apply; each form is computed once. */
  readonly normalizedRequests: Map<string, NormalizedRequest> = new Map();
  /** The same for its body, which is read once. */
  readonly normalizedBodies: Map<string, Promise<NormalizedBody>> = new Map();
  /** The responder sets it. It begins as `close` where the client asked for that. */
  connectionFate: ConnectionFate;
  readonly #body: BodyDecoder;
  readonly #read: Buffer[] = [];
  #readSize = 0;
  #awaitsContinue: boolean;
  #status: number | undefined;
  #connection: Connection;
  readonly #answeredHooks: (() => void | Promise<void>)[] = [];

  constructor(rawHead: Buffer, head: RequestHead, connection: Connection, reader: ConnectionReader) {
    this.rawHead = rawHead;
    this.head = head;
    this.operation = parseOperation(head.method, head.target);
    this.#connection = connection;
    this.reader = reader;
    this.connectionFate = isCloseRequested(head) ? "close" : "keep-alive";
    this.#body = new BodyDecoder(resolveRequestFraming(head));
    this.#awaitsContinue = hasToken(head.fields, "Expect", "100-continue");
  }

  /** The response is written to it. */
  get connection(): Connection {
    return this.#connection;
  }

  /** Puts a connection between the responder and the client. All that is written from now on goes through it. */
  wrapConnection(wrap: (connection: Connection) => Connection): void {
    this.#connection = wrap(this.#connection);
  }

  /** Runs `hook` when the call has been answered, before the connection is used again. The last hook runs first. */
  onAnswered(hook: () => void | Promise<void>): void {
    this.#answeredHooks.unshift(hook);
  }

  /** Undefined where there is no hook: then nothing has to be waited for. */
  runAnsweredHooks(): Promise<void> | undefined {
    return this.#answeredHooks.length === 0 ? undefined : this.#runHooks();
  }

  async #runHooks(): Promise<void> {
    for (const hook of this.#answeredHooks) await hook();
  }

  /** Whether this is no request, but the beginning of an HTTP/2 connection. `toHijackedConnection` has all of it. */
  get isHttp2(): boolean {
    return this.rawHead.equals(HTTP2_PREFACE);
  }

  get requestsClose(): boolean {
    return isCloseRequested(this.head);
  }

  /** True once the request's body has been read to its end. */
  get isBodyRead(): boolean {
    return this.#body.isDone;
  }

  /** True while the client keeps its body back until it gets `100 Continue`, which it has not got. */
  get isBodyHeldBack(): boolean {
    return this.#awaitsContinue && !this.isBodyRead && this.reader.queue.length === 0;
  }

  /**
   * Yields the rest of the request's body piece by piece. Sends `100 Continue` to a client that waits for it.
   * @throws WireError `WHALESONG_TRUNCATED_BODY` or `WHALESONG_BAD_CHUNK`
   */
  async *readBody(): AsyncGenerator<Buffer> {
    yield* selectBytes(this.#push(Buffer.alloc(0)));
    while (!this.#body.isDone) {
      if (this.reader.queue.length === 0 && !(await this.#readMore())) {
        this.#body.end();
        return;
      }
      yield* selectBytes(this.#push(this.reader.queue.take()));
    }
  }

  /**
   * Yields the whole body from its first byte, however often it is called: what was read is remembered.
   * @throws Error where a body of more than 64 MiB is read a second time
   */
  async *readWholeBody(): AsyncGenerator<Buffer> {
    if (this.#readSize > REMEMBERED) throw new Error(`a body of more than ${REMEMBERED} bytes cannot be read twice`);
    yield* this.#read;
    for await (const piece of this.readBody()) {
      this.#readSize += piece.length;
      if (this.#readSize <= REMEMBERED) this.#read.push(piece);
      else this.#read.length = 0;
      yield piece;
    }
  }

  /** Sends `100 Continue` to a client that waits for it. */
  sendContinue(): void {
    if (this.#awaitsContinue) void this.connection.write(CONTINUE);
    this.#awaitsContinue = false;
  }

  /** Reads what is left of the body and drops it, so that the next request can be read. */
  async drainBody(): Promise<void> {
    for await (const _ of this.readBody());
  }

  /** Whether a response head was encoded. Its responder has sent it, or is about to. */
  get isAnswered(): boolean {
    return this.#status !== undefined;
  }

  /** The status of the last head that was encoded. Undefined where a response is passed on as bytes. */
  get status(): number | undefined {
    return this.#status;
  }

  /** Encodes a response head. Its version follows the request's, except for a hijack, which moby writes by hand. */
  encodeHead(status: number, reason: string, fields: readonly HeaderField[]): Buffer {
    this.noteStatus(status);
    const version = this.head.version === "HTTP/1.0" && status !== 101 ? "HTTP/1.0" : "HTTP/1.1";
    return encodeResponseHead({ version, status, reason, fields });
  }

  /** The same for a head that was encoded before, for an equal call. */
  noteStatus(status: number): void {
    this.#status = status;
  }

  #readMore(): Promise<boolean> {
    this.sendContinue();
    return this.reader.readMore();
  }

  #push(bytes: Buffer): BodyEvent[] {
    const events = this.#body.push(bytes);
    if (this.#body.isDone && bytes.length > 0) this.reader.queue.putBack(this.#body.rest);
    return events;
  }
}

function* selectBytes(events: readonly BodyEvent[]): Generator<Buffer> {
  for (const event of events) if (event.kind === "bytes") yield event.bytes;
}

/** HTTP/1.1 stays open unless the client asks to close; HTTP/1.0 closes unless it asks to stay (RFC 9112, 9.3). */
export function isCloseRequested(head: RequestHead): boolean {
  if (head.version === "HTTP/1.0") return !hasToken(head.fields, "Connection", "keep-alive");
  return hasToken(head.fields, "Connection", "close");
}
