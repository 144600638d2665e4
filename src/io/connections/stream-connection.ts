import type { Readable, Writable } from "node:stream";
import { ignore } from "../../base/ignore.ts";
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
  readonly tcp: TcpListenPoint | undefined;
  readonly #ends: StreamEnds;
  readonly #room = new Latch();
  readonly #received = new ReceiveBuffer(() => this.#takeMore());
  /** Made for the first that asks: most connections are over before anything does. */
  #closed: Promise<void> | undefined;
  #hasListenedForRoom = false;
  #isReset = false;
  #hasPeerEnded = false;
  #hasFailed = false;

  constructor(ends: StreamEnds) {
    this.#ends = ends;
    this.tcp = ends.tcp;
    this.#listen();
  }

  get closed(): Promise<void> {
    this.#closed ??= waitForBoth(this.#ends);
    return this.#closed;
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
    return writable.write(bytes) ? undefined : this.#waitForRoom();
  }

  /** A stream calls back when the system has the bytes, or the peer is gone. */
  lend(bytes: Buffer): Promise<void> {
    const { writable } = this.#ends;
    if (!writable.writable || this.#isReset) return Promise.resolve();
    return new Promise((resolve) => {
      writable.write(bytes, () => resolve());
    });
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
    // Peers leave with ECONNRESET and EPIPE: `closed` and `isGone` report that, an uncaught error must not.
    readable.on("error", () => this.#noteFailure());
    if (!Object.is(writable, readable)) writable.on("error", ignore);
    if (readable.readableEnded) this.#notePeerEnd();
    if (readable.destroyed) this.#received.end();
  }

  /** Listens from the first time on that there is none: few clients are slower than what is written to them. */
  #waitForRoom(): Promise<void> {
    const { writable } = this.#ends;
    // No 'drain' comes once end() was called, hence 'finish'; none after an error, hence 'close'.
    if (!this.#hasListenedForRoom) for (const event of ["drain", "finish", "close"]) writable.on(event, this.#openRoom);
    this.#hasListenedForRoom = true;
    return this.#room.wait();
  }

  readonly #openRoom = (): void => this.#room.open();

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

async function waitForBoth({ readable, writable }: StreamEnds): Promise<void> {
  await waitForClose(readable);
  if (!Object.is(writable, readable)) await waitForClose(writable);
}

function waitForClose(stream: Readable | Writable): Promise<void> {
  if (stream.closed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once("close", resolve);
  });
}
