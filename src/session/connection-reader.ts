import { ByteQueue } from "../base/bytes.ts";
import type { Connection } from "./connection.ts";

/** Unread bytes beyond which we stop reading, so that the peer cannot write on. */
const READ_AHEAD = 256 * 1024;

/**
 * Reads a connection ahead of its consumer, up to a limit. So the end of the peer is noticed while the consumer does
 * something else.
 */
export class ConnectionReader {
  readonly queue: ByteQueue = new ByteQueue();
  readonly #connection: Connection;
  #hasEnded = false;
  #isPaused = false;
  #wakeConsumer: (() => void) | undefined;
  /** Both are made for the first that asks: most connections are over before anything does. */
  #ended: Promise<void> | undefined;
  #resolveEnded: (() => void) | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#readNext();
  }

  /** True once the peer has closed its half; what it sent before may still be in the queue. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves when the peer has closed its half, or is gone. */
  get ended(): Promise<void> {
    this.#ended ??= this.#hasEnded
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#resolveEnded = resolve;
        });
    return this.#ended;
  }

  /** Waits for bytes beyond those in the queue. Resolves with false if none come. */
  async readMore(): Promise<boolean> {
    const before = this.queue.length;
    this.#resume();
    while (this.queue.length <= before && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wakeConsumer = resolve;
      });
    }
    return this.queue.length > before;
  }

  /** Calls `wake` once, when bytes have come beyond those in the queue, or the end: in the turn in which they come. */
  whenMore(wake: () => void): void {
    this.#wakeConsumer = wake;
    this.#resume();
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#readNext();
  }

  #readNext(): void {
    const connection = this.#connection;
    if (connection.readInto === undefined) void connection.read().then(this.#take);
    else connection.readInto(this.#take);
  }

  readonly #take = (bytes: Buffer | undefined): void => {
    if (bytes === undefined) {
      this.#hasEnded = true;
      this.#resolveEnded?.();
    } else {
      this.queue.push(bytes);
      this.#isPaused = this.queue.length >= READ_AHEAD;
      if (!this.#isPaused) this.#readNext();
    }
    const wake = this.#wakeConsumer;
    this.#wakeConsumer = undefined;
    wake?.();
  };
}
