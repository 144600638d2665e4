/**
 * Two byte streams and two closings: every transport can be made to look like this, and every room below io/
 * knows no other. Closing our half leaves the peer's half open, as Docker's hijack needs it (wire facts:
 * docs/protocol-notes.md, "Half-close").
 */
export interface Connection {
  /**
   * The next bytes from the peer; undefined once the peer has closed its half or the connection is gone.
   * Not reading is the back-pressure. One read at a time.
   */
  read(): Promise<Buffer | undefined>;
  /** Queues bytes for the peer. Returns undefined when more may be written at once, else a promise of that moment. */
  write(bytes: Buffer): Promise<void> | undefined;
  /** Closes OUR half, after what was written. */
  end(): void;
  /** The abrupt ending: the peer sees a reset where the transport has one. */
  reset(): void;
  /** Resolves when both halves are closed or the peer has vanished; never rejects. */
  readonly closed: Promise<void>;
  /** True once nothing that is written can reach the peer any more. */
  readonly isGone: boolean;
  /** True once reading has ended without the peer having closed its half: it broke off, or vanished. */
  readonly isBroken: boolean;
}

/** Holds one client's connection from its first byte to its last. */
export type Daemon = (connection: Connection) => Promise<void>;
