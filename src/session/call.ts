import type { NormalizedBody } from "../match/normalize/normalize-body.ts";
import { BodyDecoder, type BodyEvent, type MessageFraming } from "../wire/http/body.ts";
import { encodeResponseHead, type HeaderField, type RequestHead } from "../wire/http/head.ts";
import type { Operation } from "../wire/operations/operation.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionReader } from "./connection-reader.ts";
import type { ParsedRequest } from "./parsed-request.ts";

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
const NOTHING = Buffer.alloc(0);
const CONTINUE = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n", "latin1");

/** One request: its head, its body as it arrives, and the connection on which it is answered. */
export class Call {
  /** What the head says. Calls with equal heads share it. */
  readonly request: ParsedRequest;
  readonly head: RequestHead;
  readonly operation: Operation;
  /** The client's bytes behind the head: the body first, then what follows it. */
  readonly reader: ConnectionReader;
  /** The responder sets it. It begins as `close` where the client asked for that. */
  connectionFate: ConnectionFate;
  /** Made when they are needed: most calls have neither a body, nor more than one responder that looks at it. */
  #body: BodyDecoder | undefined;
  #normalizedBodies: Map<string, NormalizedBody | Promise<NormalizedBody>> | undefined;
  #read: Buffer[] | undefined;
  #answeredHooks: (() => void | Promise<void>)[] | undefined;
  #readSize = 0;
  #isBodyRead: boolean;
  #awaitsContinue: boolean;
  #status: number | undefined;
  #connection: Connection;

  constructor(request: ParsedRequest, connection: Connection, reader: ConnectionReader) {
    this.request = request;
    this.head = request.head;
    this.operation = request.operation;
    this.reader = reader;
    this.connectionFate = request.asksClose ? "close" : "keep-alive";
    this.#connection = connection;
    this.#isBodyRead = isEmptyFraming(request.framing);
    this.#awaitsContinue = request.awaitsContinue;
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
    this.#answeredHooks ??= [];
    this.#answeredHooks.unshift(hook);
  }

  /** Undefined where there is no hook: then nothing has to be waited for. */
  runAnsweredHooks(): Promise<void> | undefined {
    return this.#answeredHooks === undefined ? undefined : runHooks(this.#answeredHooks);
  }

  /** Whether this is no request, but the beginning of an HTTP/2 connection. `toHijackedConnection` has all of it. */
  get isHttp2(): boolean {
    return this.request.isHttp2;
  }

  get rawHead(): Buffer {
    return this.request.rawHead;
  }

  get requestsClose(): boolean {
    return this.request.asksClose;
  }

  /** The request's body in the form in which it is compared, by the rules that apply: it is read once. */
  get normalizedBodies(): Map<string, NormalizedBody | Promise<NormalizedBody>> {
    this.#normalizedBodies ??= new Map();
    return this.#normalizedBodies;
  }

  /** True once the request's body has been read to its end. */
  get isBodyRead(): boolean {
    return this.#isBodyRead;
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
    const arrived = this.#takeArrivedBody();
    if (arrived !== undefined) {
      yield arrived;
      return;
    }
    if (this.#isBodyRead) return;
    yield* selectBytes(this.#push(NOTHING));
    while (!this.#isBodyRead) {
      if (this.reader.queue.length === 0 && !(await this.#readMore())) {
        this.#getOrCreateDecoder().end();
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
    if (this.#read !== undefined) yield* this.#read;
    for await (const piece of this.readBody()) {
      this.#remember(piece);
      yield piece;
    }
  }

  /**
   * The whole body where it has arrived with its head and nothing of it was read yet; else undefined, and `readWholeBody`
   * waits for it. It is remembered as there.
   */
  readArrivedBody(): Buffer | undefined {
    if (this.#read !== undefined) return undefined;
    if (isEmptyFraming(this.request.framing)) return NOTHING;
    const body = this.#takeArrivedBody();
    if (body !== undefined) this.#remember(body);
    return body;
  }

  #remember(piece: Buffer): void {
    this.#readSize += piece.length;
    this.#read ??= [];
    if (this.#readSize <= REMEMBERED) this.#read.push(piece);
    else this.#read.length = 0;
  }

  #takeArrivedBody(): Buffer | undefined {
    const { framing } = this.request;
    if (this.#isBodyRead || this.#body !== undefined || framing.kind !== "length") return undefined;
    if (this.reader.queue.length < framing.length) return undefined;
    this.#isBodyRead = true;
    return this.reader.queue.take(framing.length);
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
    const decoder = this.#getOrCreateDecoder();
    const events = decoder.push(bytes);
    this.#isBodyRead = decoder.isDone;
    if (decoder.isDone && bytes.length > 0) this.reader.queue.putBack(decoder.rest);
    return events;
  }

  #getOrCreateDecoder(): BodyDecoder {
    this.#body ??= new BodyDecoder(this.request.framing);
    return this.#body;
  }
}

function isEmptyFraming(framing: MessageFraming): boolean {
  return framing.kind === "none" || (framing.kind === "length" && framing.length === 0);
}

async function runHooks(hooks: readonly (() => void | Promise<void>)[]): Promise<void> {
  for (const hook of hooks) await hook();
}

function* selectBytes(events: readonly BodyEvent[]): Generator<Buffer> {
  for (const event of events) if (event.kind === "bytes") yield event.bytes;
}
