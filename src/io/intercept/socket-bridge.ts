/**
 * Plugs a client's `net.Socket` into a Connection instead of into the kernel. The socket stays the client's own
 * object: dockerode hands it to its users after a hijack, so it must go on being a Socket with all that it can do.
 * Only the hooks are replaced through which Node's streams would reach the handle, as properties of this one socket.
 */
import { AsyncResource } from "node:async_hooks";
import { Socket } from "node:net";
import type { Connection } from "../../session/connection.ts";
import { ProcessKeepAlive } from "./process-keep-alive.ts";
import { passHandshake } from "./pass-handshake.ts";
import { createSocketError } from "./socket-error.ts";

// Taken when the module is loaded: a user's fake timers must not keep a connection from being made.
const startImmediate = globalThis.setImmediate;

const keepAlive = new ProcessKeepAlive();
const BRIDGE = Symbol.for("whalesong.plug");

/** What of a Socket is Node's own business, though it can be reached. */
interface SocketInternals {
  connecting: boolean;
  _unrefTimer?(): void;
  _undestroy(): void;
  _destroy(error: Error | null, done: (error?: Error | null) => void): void;
  [BRIDGE]?: SocketBridge;
}

type Done = (error?: Error | null) => void;
type BridgedSocket = Socket & SocketInternals;

export interface BridgeOptions {
  /** A break of the far side is an error, as with TCP; on a unix socket it is an end like any other. */
  readonly knowsReset: boolean;
  readonly onConnected: () => void;
  readonly onClosed: () => void;
}

/** Has `socket` speak with whoever holds the other end of `near`. It is connected in a later turn of the event loop. */
export function attachBridge(socket: Socket, near: Connection, options: BridgeOptions): void {
  detachBridge(socket);
  const bridge = new SocketBridge(socket as BridgedSocket, near, options);
  (socket as BridgedSocket)[BRIDGE] = bridge;
  bridge.connect();
}

/** Has a connection fail, as the kernel would: not before those who wait for it listen. */
export function failConnection(socket: Socket, error: Error): void {
  (socket as BridgedSocket).connecting = true;
  startImmediate(() => socket.destroy(error));
}

/** Gives a socket back to Node: it may be connected again, to somewhere else. */
export function detachBridge(socket: Socket): void {
  const bridged = socket as BridgedSocket & Record<string, unknown>;
  if (bridged[BRIDGE] === undefined) return;
  for (const name of HOOKS) delete bridged[name];
  delete bridged[BRIDGE];
}

class SocketBridge {
  readonly #socket: BridgedSocket;
  readonly #near: Connection;
  readonly #options: BridgeOptions;
  /** A socket calls its listeners in the context that it was made in, whoever made it move. */
  readonly #context = new AsyncResource("WHALESONGSOCKET");
  #isReading = false;
  #bytesRead = 0;
  #bytesWritten = 0;

  constructor(socket: BridgedSocket, near: Connection, options: BridgeOptions) {
    this.#socket = socket;
    this.#near = near;
    this.#options = options;
  }

  connect(): void {
    const socket = this.#socket;
    if (socket.destroyed) socket._undestroy();
    Object.defineProperties(socket, this.#createHooks());
    socket.connecting = true;
    keepAlive.take(this);
    startImmediate(() => this.#context.runInAsyncScope(() => this.#finishConnect()));
  }

  #finishConnect(): void {
    const socket = this.#socket;
    if (socket.destroyed || socket[BRIDGE] !== this) return;
    socket.connecting = false;
    this.#options.onConnected();
    passHandshake(socket);
    socket.emit("connect");
    socket.emit("ready");
    if (!socket.destroyed && !socket.isPaused()) socket.read(0);
  }

  #createHooks(): PropertyDescriptorMap {
    const values = {
      _read: () => this.#read(),
      _write: (chunk: Buffer | string, encoding: BufferEncoding, done: Done) =>
        this.#write(copyBytes(chunk, encoding), done),
      // One piece, as the kernel would hand it over: a websocket's header and payload are written corked.
      _writev: (chunks: readonly { chunk: Buffer | string; encoding: BufferEncoding }[], done: Done) =>
        this.#write(Buffer.concat(chunks.map(({ chunk, encoding }) => copyBytes(chunk, encoding))), done),
      _final: (done: Done) => this.#end(done),
      _destroy: (error: Error | null, done: Done) => this.#destroy(error, done),
      ref: () => this.#keepAlive(true),
      unref: () => this.#keepAlive(false),
      resetAndDestroy: () => this.#reset(),
    };
    return {
      ...Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, { value, configurable: true, writable: true }]),
      ),
      pending: { get: () => this.#socket.connecting, configurable: true },
      bytesRead: { get: () => this.#bytesRead, configurable: true },
      bytesWritten: { get: () => this.#bytesWritten, configurable: true },
    };
  }

  #read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    void this.#near.read().then((bytes) => {
      this.#isReading = false;
      this.#context.runInAsyncScope(() => this.#deliver(bytes));
    });
  }

  #deliver(bytes: Buffer | undefined): void {
    const socket = this.#socket;
    if (socket.destroyed || socket[BRIDGE] !== this) return;
    socket._unrefTimer?.();
    if (bytes !== undefined) {
      this.#bytesRead += bytes.length;
      // A copy: what is read belongs to the client, which may write into it.
      socket.push(Buffer.from(bytes));
    } else if (this.#near.isBroken && this.#options.knowsReset) {
      socket.destroy(createSocketError("read", "ECONNRESET"));
    } else {
      socket.push(null);
      socket.read(0);
    }
  }

  #write(bytes: Buffer, done: Done): void {
    const finish = (): void => done(this.#near.isGone ? createSocketError("write", "EPIPE") : null);
    this.#socket._unrefTimer?.();
    this.#bytesWritten += bytes.length;
    const full = this.#near.write(bytes);
    if (full === undefined) finish();
    else void full.then(finish);
  }

  #end(done: Done): void {
    this.#near.end();
    done();
  }

  /** As the kernel tells it to a unix socket's other side: an end, and nobody there when it writes. */
  #destroy(error: Error | null, done: Done): void {
    keepAlive.release(this);
    this.#near.end();
    this.#near.reset();
    this.#options.onClosed();
    Socket.prototype._destroy.call(this.#socket, error, done);
  }

  #reset(): Socket {
    if (this.#options.knowsReset) this.#near.reset();
    return this.#socket.destroy();
  }

  #keepAlive(isKept: boolean): Socket {
    if (isKept && !this.#socket.destroyed) keepAlive.take(this);
    else keepAlive.release(this);
    return this.#socket;
  }
}

const HOOKS = [
  "_read",
  "_write",
  "_writev",
  "_final",
  "_destroy",
  "ref",
  "unref",
  "resetAndDestroy",
  "pending",
  "bytesRead",
  "bytesWritten",
];

/** A copy: the client may use its buffer again once it is told that it was written. */
function copyBytes(chunk: Buffer | string, encoding: BufferEncoding): Buffer {
  return typeof chunk === "string" ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
}
