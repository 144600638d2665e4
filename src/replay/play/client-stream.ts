/**
 * One recorded stream as one client sees it. Output is gathered until the player has to wait, then written at once.
 * Input is read for the player to compare.
 */
import { WireError } from "../../base/errors.ts";
import type { Call } from "../../session/call.ts";

/** Bytes that are gathered at most. */
const BATCH = 64 * 1024;

export class ClientStream {
  readonly call: Call;
  /** How many redacted bytes the client has yet to send; below 0, it has sent more than that. */
  owedBytes = 0;
  /** Some of the input is redacted: where the recorded bytes end in today's is not known. */
  hasRedactedInput = false;
  /** Resolves when the client has left. Made once, for a stream may wait many times. */
  readonly left: Promise<void>;
  readonly #leaving: AbortController = new AbortController();
  #batch: Buffer[] = [];
  #batchSize = 0;

  /** Past HTTP, a client can close its half and read on. Within HTTP, a client that closes has left. */
  constructor(call: Call, isHijack: boolean) {
    this.call = call;
    this.left = new Promise((resolve) => {
      this.#leaving.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    void call.connection.closed.then(() => this.#leaving.abort());
    if (!isHijack) void call.reader.ended.then(() => this.#leaving.abort());
  }

  /** Aborts when the client leaves. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Nothing can reach the client any more. */
  get isGone(): boolean {
    return this.call.connection.isGone;
  }

  /** Adds to the batch. Returns a promise only where the batch had to be written and the client is slow to take it. */
  write(bytes: Buffer): Promise<void> | undefined {
    if (bytes.length === 0) return undefined;
    this.#batch.push(bytes);
    this.#batchSize += bytes.length;
    return this.#batchSize >= BATCH ? this.flush() : undefined;
  }

  flush(): Promise<void> | undefined {
    if (this.#batch.length === 0) return undefined;
    const bytes = this.#batch.length === 1 ? (this.#batch[0] as Buffer) : Buffer.concat(this.#batch, this.#batchSize);
    this.#batch = [];
    this.#batchSize = 0;
    return this.call.connection.write(bytes);
  }

  /** The next bytes of the client, at most `limit`; undefined when it has closed its half. */
  async read(limit: number): Promise<Buffer | undefined> {
    const { reader } = this.call;
    while (reader.queue.length === 0) if (!(await reader.readMore())) return undefined;
    return reader.queue.take(limit);
  }

  /** The bytes count as not read yet. */
  putBack(bytes: Buffer): void {
    this.call.reader.queue.putBack(bytes);
  }

  /** Drops what the client has sent so far; returns how many bytes that was. */
  discardUnread(): number {
    return this.call.reader.queue.take().length;
  }

  /** Whether the client sends more before `timeout` resolves. */
  waitForMore(timeout: Promise<void>): Promise<boolean> {
    return Promise.race([this.call.reader.readMore(), timeout.then(() => false)]);
  }

  /** Drops the rest of the request's body. Resolves with false if the client leaves within it. */
  async readBodyToEnd(): Promise<boolean> {
    try {
      await this.call.drainBody();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
    return this.call.isBodyRead;
  }

  /** Resolves when the client has closed its half. Drops what it sends until then. */
  async waitForClientEnd(): Promise<void> {
    const { reader } = this.call;
    for (;;) {
      reader.queue.take();
      if (reader.hasEnded || !(await reader.readMore())) return;
    }
  }
}
