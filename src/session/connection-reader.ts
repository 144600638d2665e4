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
  /** Resolves when the peer has closed its half, or is gone. */
  readonly ended: Promise<void>;
  #hasEnded = false;
  #wakeConsumer: (() => void) | undefined;
  #resumeReading: (() => void) | undefined;

  constructor(connection: Connection) {
    this.ended = this.#readAhead(connection);
  }

  /** True once the peer has closed its half; what it sent before may still be in the queue. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Waits for bytes beyond those in the queue. Resolves with false if none come. */
  async readMore(): Promise<boolean> {
    const before = this.queue.length;
    this.#resumeReading?.();
    while (this.queue.length <= before && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wakeConsumer = resolve;
      });
    }
    return this.queue.length > before;
  }

  async #readAhead(connection: Connection): Promise<void> {
    for (;;) {
      const bytes = await connection.read();
      if (bytes === undefined) break;
      this.queue.push(bytes);
      this.#wake();
      if (this.queue.length >= READ_AHEAD) await this.#waitForDemand();
    }
    this.#hasEnded = true;
    this.#wake();
  }

  /** Resolves when the consumer needs more than the queue has. */
  #waitForDemand(): Promise<void> {
    return new Promise((resolve) => {
      this.#resumeReading = () => {
        this.#resumeReading = undefined;
        resolve();
      };
    });
  }

  #wake(): void {
    const wake = this.#wakeConsumer;
    this.#wakeConsumer = undefined;
    wake?.();
  }
}
