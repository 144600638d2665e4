import type { Connection } from "../session/connection.ts";
import type { ByteFlow, CutKind } from "./fault-effect.ts";

/**
 * A connection with faults between it and its writer. Reading and the ends of each half stay as they are; what is
 * written passes through the faults, one piece after the other.
 */
export class FaultyConnection implements Connection {
  readonly closed: Promise<void>;
  readonly #connection: Connection;
  readonly #flow: ByteFlow;
  #written: Promise<void> = Promise.resolve();
  #cut: CutKind | undefined;
  #tellCut: () => void = () => undefined;

  /** `through` puts the faults in front of the flow that writes. */
  constructor(connection: Connection, through: (write: ByteFlow) => ByteFlow) {
    this.#connection = connection;
    this.closed = Promise.race([connection.closed, new Promise<void>((resolve) => (this.#tellCut = resolve))]);
    this.#flow = through(async (bytes) => {
      if (this.#cut === undefined) await connection.write(bytes);
    });
  }

  read(): Promise<Buffer | undefined> {
    return this.#connection.read();
  }

  write(bytes: Buffer): Promise<void> | undefined {
    if (this.isGone) return undefined;
    this.#written = this.#written.then(() => this.#flow(bytes));
    return this.#written;
  }

  end(): void {
    void this.#written.then(() => this.#cut ?? this.#connection.end());
  }

  reset(): void {
    this.#connection.reset();
  }

  get isGone(): boolean {
    return this.#cut !== undefined || this.#connection.isGone;
  }

  get isBroken(): boolean {
    return this.#connection.isBroken;
  }

  /** Resolves when all that was written has passed the faults. */
  get pendingWrites(): Promise<void> {
    return this.#written;
  }

  /** Nothing more reaches the client, whatever is written. */
  cut(how: CutKind): void {
    if (this.#cut !== undefined) return;
    this.#cut = how;
    if (how === "end") this.#connection.end();
    if (how === "reset") this.#connection.reset();
    this.#tellCut();
  }

  /** Of a stalled connection: resolves when the client closes it. */
  async untilClosed(): Promise<void> {
    if (this.#cut === "stall") await this.#connection.closed;
  }

  get isCut(): boolean {
    return this.#cut !== undefined;
  }
}
