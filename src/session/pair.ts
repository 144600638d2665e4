import type { Connection } from "./connection.ts";
import { Latch } from "./latch.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";

// Taken when the module is loaded: a user's fake timers must not hold bytes back.
const startMicrotask = globalThis.queueMicrotask;

/** The state that both ends of a pair share. */
class Link {
  readonly closed: Promise<void>;
  isGone = false;
  #openHalves = 2;
  #close: () => void = () => undefined;

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  endHalf(): void {
    this.#openHalves -= 1;
    if (this.#openHalves === 0) this.cut();
  }

  cut(): void {
    this.isGone = true;
    this.#close();
  }
}

/**
 * One end of a connection in memory. A write is one read at the other end. No code of the peer runs inside a write:
 * readers and writers wait for promises, so that they always go on in a later microtask.
 */
class MemoryConnection implements Connection {
  readonly closed: Promise<void>;
  readonly #link: Link;
  /** Our writes wait here while the peer has too much unread. */
  readonly #room = new Latch();
  readonly #received = new ReceiveBuffer(() => this.#resumePeer());
  #peer: MemoryConnection = this;
  #isEnded = false;

  constructor(link: Link) {
    this.#link = link;
    this.closed = link.closed;
  }

  get isGone(): boolean {
    return this.#link.isGone;
  }

  get isBroken(): boolean {
    return this.#received.isOver && !this.#peer.#isEnded;
  }

  joinTo(peer: MemoryConnection): void {
    this.#peer = peer;
    peer.#peer = this;
  }

  read(): Promise<Buffer | undefined> {
    return this.#received.read();
  }

  readInto(take: (bytes: Buffer | undefined) => void): void {
    this.#received.readInto((bytes) => startMicrotask(() => take(bytes)));
  }

  write(bytes: Buffer): Promise<void> | undefined {
    if (this.isGone || this.#isEnded) return undefined;
    const inbox = this.#peer.#received;
    inbox.push(bytes);
    return inbox.isFull ? this.#room.wait() : undefined;
  }

  end(): void {
    if (this.#isEnded || this.isGone) return;
    this.#isEnded = true;
    this.#peer.#received.end();
    this.#link.endHalf();
    if (this.isGone) this.#resumeBoth();
  }

  /** As with TCP, what has already arrived at the peer can still be read there. */
  reset(): void {
    if (this.isGone) return;
    this.#link.cut();
    this.#received.clear();
    this.#peer.#received.end();
    this.#resumeBoth();
  }

  #resumePeer(): void {
    if (!this.#received.isFull) this.#peer.#room.open();
  }

  #resumeBoth(): void {
    this.#room.open();
    this.#peer.#room.open();
  }
}

/**
 * Two ends of one connection that never leaves the process.
 * @example
 * const daemon = createDaemon(mock(createEngine({ clock: systemClock, startMs: Date.now() })));
 * const [near, far] = connectionPair();
 * daemon(far);
 * await near.write(Buffer.from("GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"));
 * const head = String(await near.read());
 */
export function connectionPair(): [Connection, Connection] {
  const link = new Link();
  const near = new MemoryConnection(link);
  const far = new MemoryConnection(link);
  near.joinTo(far);
  return [near, far];
}
