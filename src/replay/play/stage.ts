/**
 * Where one recorded stream is played to one client: what the daemon says is gathered until there is something to
 * wait for, then written at once; what the client says is read and compared.
 */
import type { Call } from "../../session/call.ts";

/** Bytes that wait to be written together; beyond this they are written even if nothing is waited for. */
const BATCH = 64 * 1024;

export class Stage {
  readonly call: Call;
  /** How many redacted bytes the client has yet to say; below 0, it has said more than that. */
  owed = 0;
  #batch: Buffer[] = [];
  #batchSize = 0;

  constructor(call: Call) {
    this.call = call;
  }

  /** Resolves when nothing can reach the client any more. */
  get gone(): Promise<void> {
    return this.call.connection.closed;
  }

  get isGone(): boolean {
    return this.call.connection.isGone;
  }

  say(bytes: Buffer): Promise<void> | undefined {
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
  async hear(limit: number): Promise<Buffer | undefined> {
    const { reader } = this.call;
    while (reader.queue.length === 0) if (!(await reader.more())) return undefined;
    return reader.queue.take(limit);
  }

  /** Drops what the client has said; returns how much that was. */
  takeHeard(): number {
    return this.call.reader.queue.take().length;
  }

  /** Whether the client says more before `patience` ends. */
  hearsMore(patience: Promise<void>): Promise<boolean> {
    return Promise.race([this.call.reader.more(), patience.then(() => false)]);
  }

  /** Resolves when the client has closed its half. What it said before and nobody asked for is dropped. */
  async untilClientEnds(): Promise<void> {
    const { reader } = this.call;
    for (;;) {
      reader.queue.take();
      if (reader.hasEnded || !(await reader.more())) return;
    }
  }
}
