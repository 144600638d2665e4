import { ByteQueue } from "../base/bytes.ts";

/** Unread bytes beyond which a connection takes no more. About as much as the socket buffers of the kernel hold. */
export const UNREAD_LIMIT: number = 256 * 1024;

/**
 * Bytes that have arrived on a connection and wait to be read. What arrived as one piece is read as one piece: decoders
 * must not depend on it, but a recording has to show what the wire showed.
 */
export class ReceiveBuffer {
  readonly #queue = new ByteQueue();
  readonly #onRead: () => void;
  #waiting: ((bytes: Buffer | undefined) => void) | undefined;
  #isEnded = false;
  #isDelivering = false;

  /** @param onRead called after each read that took bytes out of the queue */
  constructor(onRead: () => void) {
    this.#onRead = onRead;
  }

  get isFull(): boolean {
    return this.#queue.length > UNREAD_LIMIT;
  }

  /** Nothing is left to read, and nothing more comes. */
  get isOver(): boolean {
    return this.#isEnded && this.#queue.length === 0;
  }

  push(bytes: Buffer): void {
    if (this.#isEnded || bytes.length === 0) return;
    const take = this.#waiting;
    if (take === undefined || this.#isDelivering) {
      this.#queue.push(bytes);
      return;
    }
    this.#waiting = undefined;
    take(bytes);
  }

  /** No more bytes come. Those that have arrived can still be read. */
  end(): void {
    this.#isEnded = true;
    this.#deliver();
  }

  /** Drops what was not read, and ends. */
  clear(): void {
    this.#queue.drop(this.#queue.length);
    this.end();
  }

  read(): Promise<Buffer | undefined> {
    if (this.#waiting !== undefined) return Promise.reject(createSecondReadError());
    if (this.#queue.length > 0) return Promise.resolve(this.#take());
    if (this.#isEnded) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** Calls `take` once, with the next bytes or, at the end, with undefined. Perhaps before it returns. */
  readInto(take: (bytes: Buffer | undefined) => void): void {
    if (this.#waiting !== undefined) throw createSecondReadError();
    this.#waiting = take;
    if (this.#isEnded || this.#queue.length > 0) this.#deliver();
  }

  #take(): Buffer {
    const piece = this.#queue.takePiece();
    this.#onRead();
    return piece;
  }

  /** A loop, not a call for each: what reads asks for the next bytes while it gets some. */
  #deliver(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    for (let take = this.#waiting; take !== undefined; take = this.#waiting) {
      if (this.#queue.length === 0 && !this.#isEnded) break;
      this.#waiting = undefined;
      take(this.#queue.length > 0 ? this.#take() : undefined);
    }
    this.#isDelivering = false;
  }
}

function createSecondReadError(): Error {
  return new Error("one read at a time: the last has not ended");
}
