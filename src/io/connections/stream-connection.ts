import type { Readable, Writable } from "node:stream";
import type { Connection, TcpListenPoint } from "../../session/connection.ts";
import { Latch } from "../../session/latch.ts";
import { ReceiveBuffer } from "../../session/receive-buffer.ts";
import { bufferCollector } from "../buffer-collector.ts";

/** The two streams of a connection: the same socket twice, or a child's stdout and stdin. */
export interface StreamEnds {
  readonly readable: Readable;
  readonly writable: Writable;
  /** Ends abruptly; both streams are closed afterwards. */
  readonly forceClose: () => void;
  readonly tcp?: TcpListenPoint | undefined;
}

/**
 * A Connection over Node's streams. Bytes are taken from 'data' events, not by `readable.read()`, which would join
 * the pieces that came one by one.
 */
export class StreamConnection implements Connection {
  readonly closed: Promise<void>;
  readonly tcp: TcpListenPoint | undefined;
  readonly #ends: StreamEnds;
  readonly #room = new Latch();
  readonly #received = new ReceiveBuffer(() => this.#takeMore());
  #isReset = false;
  #hasPeerEnded = false;
  #hasFailed = false;

  constructor(ends: StreamEnds) {
    this.#ends = ends;
    this.tcp = ends.tcp;
    this.#listen();
    this.closed = Promise.all([waitForClose(ends.readable), waitForClose(ends.writable)]).then(() => undefined);
  }

  /** Fully closed: the end of our own half alone does not mean that the peer is gone. */
  get isGone(): boolean {
    const { readable, writable } = this.#ends;
    return this.#isReset || writable.errored !== null || (readable.destroyed && writable.destroyed);
  }

  get isBroken(): boolean {
    return this.#received.isOver && !this.#hasPeerEnded;
  }

  read(): Promise<Buffer | undefined> {
    return this.#received.read();
  }

  readInto(take: (bytes: Buffer | undefined) => void): void {
    this.#received.readInto(take);
  }

  write(bytes: Buffer): Promise<void> | undefined {
    const { writable } = this.#ends;
    if (!writable.writable || this.#isReset) return undefined;
    return writable.write(bytes) ? undefined : this.#room.wait();
  }

  end(): void {
    if (this.#ends.writable.writable) this.#ends.writable.end();
  }

  reset(): void {
    if (this.#isReset) return;
    this.#isReset = true;
    this.#ends.forceClose();
    this.#received.clear();
    this.#room.open();
  }

  #listen(): void {
    const { readable, writable } = this.#ends;
    readable.on("data", (bytes: Buffer) => this.#put(bytes));
    readable.on("end", () => this.#notePeerEnd());
    readable.on("close", () => this.#received.end());
    // No 'drain' comes once end() was called, hence 'finish'; none after an error, hence 'close'.
    for (const event of ["drain", "finish", "close"]) writable.on(event, () => this.#room.open());
    // Peers leave with ECONNRESET and EPIPE: `closed` and `isGone` report that, an uncaught error must not.
    readable.on("error", () => this.#noteFailure());
    if (!Object.is(writable, readable)) writable.on("error", ignore);
    if (readable.readableEnded) this.#notePeerEnd();
    if (readable.destroyed) this.#received.end();
  }

  #notePeerEnd(): void {
    this.#hasPeerEnded = !this.#hasFailed;
    this.#received.end();
  }

  /** A TLS alert is an error first and an end after it; an error after the end breaks nothing off. */
  #noteFailure(): void {
    this.#hasFailed = !this.#hasPeerEnded;
  }

  #put(bytes: Buffer): void {
    bufferCollector.note(bytes.length);
    this.#received.push(bytes);
    if (this.#received.isFull) this.#ends.readable.pause();
  }

  #takeMore(): void {
    const { readable } = this.#ends;
    if (!this.#received.isFull && readable.isPaused()) readable.resume();
  }
}

function ignore(): void {}

function waitForClose(stream: Readable | Writable): Promise<void> {
  if (stream.closed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once("close", resolve);
  });
}
