import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../../base/clock.ts";
import { ignore } from "../../base/ignore.ts";
import type { Connection, Daemon, TcpListenPoint } from "../../session/connection.ts";
import { fromSocket } from "./from-socket.ts";

/** How long `closeAll` waits for a daemon to notice that its connection is gone. */
const CLOSE_TIMEOUT_MS = 2000;

/** The open connections of a listener or an interception, and the daemon's work on each. */
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

  /** Remembers a socket that may become a connection, to destroy it in `closeAll`. */
  watch(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  /** Gives the connection to the daemon. Calls `onServed` when the daemon has finished without an error. */
  accept(connection: Connection, onServed: () => void = ignore): void {
    void connection.closed.then(() => this.#open.delete(connection));
    this.#serve(connection, onServed);
  }

  /** The same for a socket, whose event tells the end without a promise. */
  acceptSocket(socket: Duplex, tcp?: TcpListenPoint): void {
    const connection = fromSocket(socket, tcp);
    if (!socket.destroyed) socket.once("close", () => this.#open.delete(connection));
    this.#serve(connection, () => discardIncoming(socket));
    if (socket.destroyed) this.#open.delete(connection);
  }

  /** Resets all connections and waits until the daemons have noticed, up to CLOSE_TIMEOUT_MS. */
  async closeAll(clock: Clock): Promise<void> {
    const gone = [...this.#open].map((connection) => connection.closed);
    for (const connection of this.#open) connection.reset();
    for (const socket of this.#sockets) socket.destroy();
    const noticed = new AbortController();
    const timeout = clock.sleep(CLOSE_TIMEOUT_MS, noticed.signal);
    await Promise.race([Promise.all([...gone, ...this.#work]), timeout]);
    noticed.abort();
  }

  #serve(connection: Connection, onServed: () => void): void {
    this.#open.add(connection);
    const work: Promise<void> = this.#daemon(connection).then(
      () => {
        this.#work.delete(work);
        connection.end();
        onServed();
      },
      (error: unknown) => {
        this.#work.delete(work);
        connection.reset();
        this.#onError(error);
      },
    );
    this.#work.add(work);
  }
}

/** Closing with unread bytes would reset the connection while a response is still on its way. */
function discardIncoming(socket: Duplex): void {
  socket.removeAllListeners("data");
  socket.resume();
}
