import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../../base/clock.ts";
import type { Connection, Daemon } from "../../session/connection.ts";
import { fromSocket } from "./from-socket.ts";

/** How long a daemon may take to notice that its connection is gone, before closing goes on without it. */
const CLOSE_TIMEOUT_MS = 2000;

/** The connections that a listener has accepted, and the daemon's work on each. */
export class ConnectionTracker {
  readonly #daemon: Daemon;
  readonly #onError: (error: unknown) => void;
  readonly #open = new Set<Connection>();
  readonly #work = new Set<Promise<void>>();
  /** Beside the connections: a TLS handshake has a socket, but no connection yet. */
  readonly #sockets = new Set<Socket>();

  constructor(daemon: Daemon, onError: (error: unknown) => void) {
    this.#daemon = daemon;
    this.#onError = onError;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Remembers a socket that may become a guest, to destroy it in the end. */
  watch(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  /** Has the daemon hold the connection; `onServed` is called when it has done so without a fault. */
  accept(connection: Connection, onServed: () => void = ignore): void {
    this.#open.add(connection);
    void connection.closed.then(() => this.#open.delete(connection));
    const work = this.#serve(connection, onServed).finally(() => this.#work.delete(work));
    this.#work.add(work);
  }

  acceptSocket(socket: Duplex): void {
    this.accept(fromSocket(socket), () => discardIncoming(socket));
  }

  /** Resets everyone, and waits until the daemons have seen it. */
  async closeAll(clock: Clock): Promise<void> {
    const gone = [...this.#open].map((connection) => connection.closed);
    for (const connection of this.#open) connection.reset();
    for (const socket of this.#sockets) socket.destroy();
    const noticed = new AbortController();
    const farewell = clock.sleep(CLOSE_TIMEOUT_MS, noticed.signal);
    await Promise.race([Promise.all([...gone, ...this.#work]), farewell]);
    noticed.abort();
  }

  async #serve(connection: Connection, onServed: () => void): Promise<void> {
    try {
      await this.#daemon(connection);
      connection.end();
      onServed();
    } catch (error) {
      connection.reset();
      this.#onError(error);
    }
  }
}

function ignore(): void {}

/** Closing with bytes unread would reset the connection under an answer that is still on its way. */
function discardIncoming(socket: Duplex): void {
  socket.removeAllListeners("data");
  socket.resume();
}
