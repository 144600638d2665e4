import type { Connection } from "../session/connection.ts";
import type { CutShort, Flow } from "./effect.ts";

/**
 * A connection with faults between it and whoever writes. Reading is as it was, and so is how each half ends: only
 * what is written takes the long way, one piece after the other.
 */
export class FaultyConnection implements Connection {
  readonly closed: Promise<void>;
  readonly #connection: Connection;
  readonly #flow: Flow;
  #written: Promise<void> = Promise.resolve();
  #how: CutShort | undefined;
  #tellCut: () => void = () => undefined;

  /** `through` makes the way that bytes take to where they are written. */
  constructor(connection: Connection, through: (write: Flow) => Flow) {
    this.#connection = connection;
    this.closed = Promise.race([connection.closed, new Promise<void>((resolve) => (this.#tellCut = resolve))]);
    this.#flow = through(async (bytes) => {
      if (this.#how === undefined) await connection.write(bytes);
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
    void this.#written.then(() => this.#how ?? this.#connection.end());
  }

  reset(): void {
    this.#connection.reset();
  }

  get isGone(): boolean {
    return this.#how !== undefined || this.#connection.isGone;
  }

  get isBroken(): boolean {
    return this.#connection.isBroken;
  }

  /** Resolves when all that was written has taken its way. */
  get written(): Promise<void> {
    return this.#written;
  }

  /** Nothing more reaches the client, whoever goes on writing. */
  cut(how: CutShort): void {
    if (this.#how !== undefined) return;
    this.#how = how;
    if (how === "end") this.#connection.end();
    if (how === "reset") this.#connection.reset();
    this.#tellCut();
  }

  /** Where nothing is to come any more, until the client has had enough. */
  async stalled(): Promise<void> {
    if (this.#how === "stall") await this.#connection.closed;
  }

  get isCut(): boolean {
    return this.#how !== undefined;
  }
}
