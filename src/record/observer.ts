/**
 * Watches one connection from the side: it is told what passed in either direction and makes takes of it. It never
 * holds, alters or asks for a byte. What it cannot understand ends the recording of this connection, not the
 * connection.
 */
import { ByteQueue } from "../base/bytes.ts";
import { BodyDecoder, type BodyEvent, requestFraming, responseFraming } from "../wire/body.ts";
import { parseRequestHead, parseResponseHead, type RequestHead, type ResponseHead, takeHead } from "../wire/head.ts";
import { type Operation, parseOperation } from "../wire/operation.ts";
import { doesHijack, mayHijack } from "./plans.ts";
import type { Take } from "./take.ts";

/** How much a client may say behind a request that may hijack, before the answer tells whether it did. */
const EARLY_LIMIT = 16 * 1024 * 1024;

/** Who makes takes of what is observed, and is told what becomes of them: the tape. */
export interface TakeKeeper {
  begin(head: RequestHead, operation: Operation): Take;
  answered(head: ResponseHead): void;
  completed(take: Take): void;
  cut(take: Take): void;
  lost(takes: readonly Take[], problem: unknown): void;
}

interface Message {
  readonly take: Take;
  readonly body: BodyDecoder;
}

export class Observer {
  readonly #tape: TakeKeeper;
  readonly #fromClient: ByteQueue = new ByteQueue();
  readonly #fromDaemon: ByteQueue = new ByteQueue();
  #request: Message | undefined;
  #response: Message | undefined;
  /** Requested and not yet answered to the end, oldest first. */
  #waiting: Take[] = [];
  #hijack: Take | undefined;
  /** The take whose request may hijack: until it is answered, nobody knows what the client's next bytes are. */
  #unsettled: Take | undefined;
  /** Nothing more is looked at: the connection is over, could not be followed, or is recorded no longer. */
  #isOver = false;
  #isLost = false;
  #isAnswered = false;
  #hasClientEnded = false;
  #settle: () => void = () => undefined;
  /** Resolves when the first exchange was answered to its end, has left HTTP, or can be followed no further. */
  readonly settled: Promise<void> = new Promise((resolve) => {
    this.#settle = resolve;
  });

  constructor(tape: TakeKeeper) {
    this.#tape = tape;
  }

  /** Whether everything asked so far has been answered to its end, and something was. */
  get isSettled(): boolean {
    if (this.#isOver) return !this.#isLost;
    return this.#isAnswered && this.#waiting.length === 0 && this.#hijack === undefined;
  }

  /** Whether the connection could not be followed any further: nobody knows where in it an exchange ends. */
  get isLost(): boolean {
    return this.#isLost;
  }

  get isHijacked(): boolean {
    return this.#hijack !== undefined;
  }

  client(bytes: Buffer): void {
    this.#guard(() => {
      if (this.#hijack !== undefined) return this.#hijack.clientBytes(bytes);
      this.#fromClient.push(bytes);
      this.#readRequests();
    });
  }

  daemon(bytes: Buffer): void {
    this.#guard(() => {
      if (this.#hijack !== undefined) return this.#hijack.daemonBytes(bytes);
      this.#fromDaemon.push(bytes);
      this.#readResponses();
    });
  }

  /** The client closed its half. What it said before that may still wait for its meaning. */
  clientEnded(): void {
    this.#guard(() => {
      this.#hasClientEnded = true;
      if (this.#unsettled === undefined) this.#tellClientEnded();
    });
  }

  /** The daemon closed its half, or broke off. */
  daemonEnded(how: "eof" | "reset"): void {
    this.#guard(() => {
      if (how === "eof" && this.#response !== undefined) this.#closeDelimited(this.#response);
      if (this.#hasClientEnded) this.#tellClientEnded();
      for (const take of this.#open()) {
        take.daemonEnded(how);
        this.#tape.completed(take);
      }
    });
    this.#isOver = true;
    this.#settle();
  }

  /** The client has vanished; what the daemon would still have said nobody will know. */
  clientLeft(): void {
    this.#guard(() => {
      for (const take of this.#open()) {
        take.clientLeft();
        this.#tape.completed(take);
      }
    });
    this.#isOver = true;
    this.#settle();
  }

  /** The recording is being stopped while the connection goes on. */
  cut(): void {
    this.#guard(() => {
      for (const take of this.#open()) this.#tape.cut(take);
    });
    this.#isOver = true;
  }

  #tellClientEnded(): void {
    for (const take of this.#open()) take.clientEnded();
  }

  #open(): readonly Take[] {
    return this.#hijack === undefined ? this.#waiting : [this.#hijack];
  }

  /** A body that ends with the connection has ended well. */
  #closeDelimited(response: Message): void {
    try {
      this.#tell(response, response.body.end());
    } catch {
      // Truncated: the take is told so by its daemonEnded.
    }
  }

  #readRequests(): void {
    for (;;) {
      if (this.#request !== undefined) {
        if (!this.#readRequestBody(this.#request)) return;
      } else if (this.#unsettled !== undefined) {
        if (this.#fromClient.length > EARLY_LIMIT) throw new Error("too much was sent before the answer to an upgrade");
        return;
      } else if (!this.#beginRequest()) return;
    }
  }

  #beginRequest(): boolean {
    const raw = takeHead(this.#fromClient);
    if (raw === undefined) return false;
    const head = parseRequestHead(raw);
    const operation = parseOperation(head.method, head.target);
    const take = this.#tape.begin(head, operation);
    this.#waiting.push(take);
    this.#request = { take, body: new BodyDecoder(requestFraming(head)) };
    if (mayHijack(head, operation)) this.#unsettled = take;
    return true;
  }

  /** Returns whether the body has ended. */
  #readRequestBody({ take, body }: Message): boolean {
    const events = body.push(this.#fromClient.take());
    for (const event of events) if (event.kind === "bytes") take.requestBytes(event.bytes);
    if (!body.isDone) return false;
    take.requestEnded();
    this.#fromClient.unshift(body.rest);
    this.#request = undefined;
    return true;
  }

  #readResponses(): void {
    while (this.#hijack === undefined) {
      if (this.#response === undefined && !this.#beginResponse()) return;
      if (this.#response !== undefined && !this.#readResponseBody(this.#response)) return;
    }
  }

  /** Returns whether a response was begun, or an interim one passed over. */
  #beginResponse(): boolean {
    const raw = takeHead(this.#fromDaemon);
    if (raw === undefined) return false;
    const head = parseResponseHead(raw);
    if (head.status >= 100 && head.status < 200 && head.status !== 101) return true;
    const take = this.#waiting[0];
    if (take === undefined) throw new Error("the daemon answered what nobody asked");
    const framing = responseFraming(head, take.facts.head.method);
    this.#tape.answered(head);
    take.answered(head, framing.kind);
    if (doesHijack(head, take.facts.operation)) this.#beginHijack(take);
    else this.#response = { take, body: new BodyDecoder(framing) };
    if (this.#unsettled === take && this.#hijack === undefined) this.#resumeRequests();
    return true;
  }

  #resumeRequests(): void {
    this.#unsettled = undefined;
    this.#readRequests();
    if (this.#hasClientEnded) this.#tellClientEnded();
  }

  #beginHijack(take: Take): void {
    this.#hijack = take;
    this.#settle();
    const early = this.#fromClient.take();
    if (early.length > 0) take.clientBytes(early);
    this.#unsettled = undefined;
    if (this.#hasClientEnded) take.clientEnded();
    const payload = this.#fromDaemon.take();
    if (payload.length > 0) take.daemonBytes(payload);
  }

  /** Returns whether the body has ended. */
  #readResponseBody(response: Message): boolean {
    this.#tell(response, response.body.push(this.#fromDaemon.take()));
    if (!response.body.isDone) return false;
    this.#fromDaemon.unshift(response.body.rest);
    return true;
  }

  #tell({ take }: Message, events: readonly BodyEvent[]): void {
    for (const event of events) {
      if (event.kind === "bytes") take.daemonBytes(event.bytes);
      else if (event.kind === "chunk-end") take.chunkEnded();
      else if (event.kind === "trailers") take.trailers(event.fields);
      else this.#finish(take);
    }
  }

  #finish(take: Take): void {
    take.responseEnded();
    this.#response = undefined;
    this.#waiting.shift();
    this.#isAnswered = true;
    this.#tape.completed(take);
    this.#settle();
  }

  #guard(watch: () => void): void {
    if (this.#isOver) return;
    try {
      watch();
    } catch (error) {
      this.#isOver = true;
      this.#isLost = true;
      this.#tape.lost(this.#open(), error);
      this.#settle();
    }
  }
}
