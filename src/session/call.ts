import type { NormalizedBody } from "../match/normalize-body.ts";
import type { NormalizedRequest } from "../match/normalize-request.ts";
import { BodyDecoder, type BodyEvent, resolveRequestFraming } from "../wire/body.ts";
import { encodeResponseHead, type HeaderField, hasToken, type RequestHead } from "../wire/head.ts";
import { type Operation, parseOperation } from "../wire/operation.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionReader } from "./connection-reader.ts";

/** Answers one exchange and says true, or declines it untouched and says false. */
export type Responder = (call: Call) => Promise<boolean> | boolean;

/** What becomes of the connection after an exchange: another request, our half closed, or broken off. */
export type ConnectionFate = "keep-alive" | "close" | "reset";

/** A body is remembered up to this size, for responders that come after one that declined. */
const REMEMBERED = 64 * 1024 * 1024;
const CONTINUE = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n", "latin1");

/** One request as it stands, its body as it arrives, and the connection to answer it on. */
export class Call {
  readonly head: RequestHead;
  readonly rawHead: Buffer;
  readonly operation: Operation;
  /** The client's bytes behind the head: body first, then whatever follows it. */
  readonly reader: ConnectionReader;
  /** The request in the form in which it is compared, by the rules that apply; each form is computed once. */
  readonly normalizedRequests: Map<string, NormalizedRequest> = new Map();
  /** The same for its body, which is read once. */
  readonly normalizedBodies: Map<string, Promise<NormalizedBody>> = new Map();
  /** Set by the responder; `close` where the client asked for it. */
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

  /** What the answer is written to. */
  get connection(): Connection {
    return this.#connection;
  }

  /** Puts something between whoever answers and the client: what is written from now on goes through it. */
  wrapConnection(between: (connection: Connection) => Connection): void {
    this.#connection = between(this.#connection);
  }

  /** Done when the call has been answered, before the connection goes on or is closed; who came last, goes first. */
  onAnswered(then: () => void | Promise<void>): void {
    this.#answeredHooks.unshift(then);
  }

  /** What others wanted done once it is answered; undefined where nobody did. */
  runAnsweredHooks(): Promise<void> | undefined {
    return this.#answeredHooks.length === 0 ? undefined : this.#runHooks();
  }

  async #runHooks(): Promise<void> {
    for (const then of this.#answeredHooks) await then();
  }

  get requestsClose(): boolean {
    return isCloseRequested(this.head);
  }

  /** True once the request's body has been read to its end. */
  get isBodyRead(): boolean {
    return this.#body.isDone;
  }

  /** True while the client keeps its body back until it is asked for it, which nobody has done. */
  get isBodyHeldBack(): boolean {
    return this.#awaitsContinue && !this.isBodyRead && this.reader.queue.length === 0;
  }

  /** The rest of the request's body, piece by piece. Asks the client for it where the client waits to be asked. */
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
   * The whole body from its first byte, also for the second who asks: what was read is remembered up to a limit.
   * Throws where more than that would have to be remembered.
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

  /** Tells a client that waits for it that its body is wanted. */
  sendContinue(): void {
    if (this.#awaitsContinue) void this.connection.write(CONTINUE);
    this.#awaitsContinue = false;
  }

  /** Reads what is left of the body and drops it, so that the next request can be seen. */
  async drainBody(): Promise<void> {
    for await (const _ of this.readBody());
  }

  /** Whether a response head was made for it, and will have been sent. */
  get isAnswered(): boolean {
    return this.#status !== undefined;
  }

  /** Of the last head that was made for it; undefined where none was, as when an answer is passed on as bytes. */
  get status(): number | undefined {
    return this.#status;
  }

  /** A response head as bytes. Its version follows the request's, save for a hijack's, which moby writes by hand. */
  encodeHead(status: number, reason: string, fields: readonly HeaderField[]): Buffer {
    this.#status = status;
    const version = this.head.version === "HTTP/1.0" && status !== 101 ? "HTTP/1.0" : "HTTP/1.1";
    return encodeResponseHead({ version, status, reason, fields });
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

/** HTTP/1.1 stays open unless asked to close; HTTP/1.0 closes unless asked to stay (RFC 9112, 9.3). */
export function isCloseRequested(head: RequestHead): boolean {
  if (head.version === "HTTP/1.0") return !hasToken(head.fields, "Connection", "keep-alive");
  return hasToken(head.fields, "Connection", "close");
}
