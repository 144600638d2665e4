import { waitForTurn } from "../../../base/turns.ts";
import type { Call } from "../../../session/call.ts";
import type { Connection } from "../../../session/connection.ts";
import { toHijackedConnection } from "../../../session/hijacked-connection.ts";
import type { HeaderField } from "../../../wire/http/head.ts";

/** A connection that left HTTP: a stream of bytes in each direction, each with an end of its own. */
export class HijackedConnection {
  /** Aborted when the client closes its half or disconnects. */
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

  /** True once no byte can reach the client any more. */
  get isGone(): boolean {
    return this.#call.connection.isGone;
  }

  /** Resolves when the connection is closed in both directions. */
  get whenGone(): Promise<void> {
    return this.#call.connection.closed;
  }

  /**
   * Writes the head, then what `write` was given before it. Those bytes go out in a segment of their own, because
   * docker-py loses what shares a segment with the head (docs/protocol-notes.md).
   */
  async writeHead(status: number, reason: string, fields: readonly HeaderField[]): Promise<void> {
    await this.#call.connection.write(this.#call.encodeHead(status, reason, fields));
    await waitForTurn();
    this.#release();
  }

  /**
   * Drops the bytes that the client sent along with its request. dockerd loses them too: it takes the connection, not
   * what Go's server has read ahead from it (net/http, Hijacker).
   */
  dropReadAhead(): void {
    const { queue } = this.#call.reader;
    queue.drop(queue.length);
  }

  /** The client's next bytes, or undefined once it has closed its half. */
  async read(): Promise<Buffer | undefined> {
    const { queue } = this.#call.reader;
    if (queue.length === 0 && !(await this.#call.reader.readMore())) return undefined;
    return queue.takePiece();
  }

  /** Writes in the order of the calls, never before the head. Resolves when more may be written. */
  write(bytes: Buffer): Promise<void> {
    this.#written = this.#written.then(() => this.#call.connection.write(bytes));
    return this.#written;
  }

  /** The same as a connection of its own, for a protocol that takes over after the head. */
  toConnection(): Connection {
    return toHijackedConnection(this.#call);
  }

  /** Resolves when all bytes are written. */
  get whenFlushed(): Promise<void> {
    return this.#written;
  }
}
