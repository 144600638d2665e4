import type { Call } from "../../../session/call.ts";
import type { HeaderField } from "../../../wire/head.ts";

/** A connection that has left HTTP, or is about to: two streams of bytes and two closings. */
export class HijackedConnection {
  /** Aborted when the client has closed its half, or is gone. */
  readonly signal: AbortSignal;
  readonly #call: Call;
  #release: () => void = () => undefined;
  #written: Promise<void>;

  constructor(call: Call, left: AbortSignal) {
    this.#call = call;
    this.signal = left;
    this.#written = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  /** True once nothing that is said can be heard any more. */
  get isGone(): boolean {
    return this.#call.connection.isGone;
  }

  /** Resolves when the client is gone in both directions. */
  get gone(): Promise<void> {
    return this.#call.connection.closed;
  }

  /**
   * Says the head, and lets go what was written before it. That goes out in writes of its own: docker-py loses what
   * shares a segment with the head (docs/protocol-notes.md).
   */
  async writeHead(status: number, reason: string, fields: readonly HeaderField[]): Promise<void> {
    await this.#call.connection.write(this.#call.headBytes(status, reason, fields));
    await new Promise((resolve) => setImmediate(resolve));
    this.#release();
  }

  /**
   * dockerd takes the connection and not what Go's server has read ahead from it (net/http, Hijacker): what a client
   * sends along with its request is lost.
   */
  dropReadAhead(): void {
    const { queue } = this.#call.reader;
    queue.drop(queue.length);
  }

  /** The client's next bytes; undefined once it has closed its half. */
  async read(): Promise<Buffer | undefined> {
    const { queue } = this.#call.reader;
    if (queue.length === 0 && !(await this.#call.reader.more())) return undefined;
    return queue.takePiece();
  }

  /** In the order of the calls, and never before the head. Resolves when more may be written. */
  write(bytes: Buffer): Promise<void> {
    this.#written = this.#written.then(() => this.#call.connection.write(bytes));
    return this.#written;
  }

  /** Resolves when all is said. */
  get flushed(): Promise<void> {
    return this.#written;
  }
}
