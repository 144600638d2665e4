/**
 * Two byte streams and two closings. Every transport can be made to look like this, and no room below io/ knows more.
 * Closing our half leaves the peer's half open, as Docker's hijack needs it (docs/protocol-notes.md, "Half-close").
 */
export interface Connection {
  /** Where it was accepted, if that was a listener on TCP: pages in a browser reach it. */
  readonly tcp?: TcpListenPoint | undefined;
  /**
   * The next bytes from the peer; undefined once the peer has closed its half or the connection is gone. As long as
   * nothing is read, the peer cannot write on. One read at a time.
   */
  read(): Promise<Buffer | undefined>;
  /**
   * The same for what is to go on in the turn in which the bytes arrive: calls `take` once, perhaps before it returns. A
   * promise would cost a request in ten microseconds one of them.
   * @default what reads waits for `read`
   */
  readInto?(take: (bytes: Buffer | undefined) => void): void;
  /** Queues bytes for the peer. Returns undefined if more may be written at once, else a promise for that moment. */
  write(bytes: Buffer): Promise<void> | undefined;
  /**
   * The same for memory that is used again: resolves when nothing refers to the bytes any more.
   * @default what writes makes a copy of them
   */
  lend?(bytes: Buffer): Promise<void>;
  /** Closes our half, behind what was written. */
  end(): void;
  /** Breaks off. The peer sees a reset where the transport has one. */
  reset(): void;
  /** Resolves when both halves are closed or the peer has vanished; never rejects. */
  readonly closed: Promise<void>;
  /** True once no more bytes can reach the peer. */
  readonly isGone: boolean;
  /** True once reading has ended and the peer had not closed its half: it broke off, or vanished. */
  readonly isBroken: boolean;
}

/** Writes bytes whose memory is used again once the promise has resolved. */
export async function lendBytes(connection: Connection, bytes: Buffer): Promise<void> {
  if (connection.lend === undefined) await connection.write(Buffer.from(bytes));
  else await connection.lend(bytes);
}

/** A listener on TCP. */
export interface TcpListenPoint {
  /** The address or name that it listens on, as it was written: `127.0.0.1`, `docker.example`. */
  readonly host: string;
  readonly hasTls: boolean;
}

/** Holds one client's connection from its first byte to its last. */
export type Daemon = (connection: Connection) => Promise<void>;
