/**
 * Joins a client's `net.Socket` to a Connection in memory instead of the kernel. The socket stays the client's own
 * object: dockerode hands it to its users after a hijack, so it must remain a full Socket. Only the hooks through
 * which Node's streams reach the handle are replaced, as properties of this one socket.
 */
import { AsyncResource } from "node:async_hooks";
import { Socket } from "node:net";
import { callInNextTurn } from "../../base/turns.ts";
import type { Connection } from "../../session/connection.ts";
import { passHandshake } from "./pass-handshake.ts";
import { ProcessKeepAlive } from "./process-keep-alive.ts";
import { createSocketError } from "./socket-error.ts";

const keepAlive = new ProcessKeepAlive();
/** So many pieces may arrive before the event loop goes on. */
const DELIVERIES_PER_TURN = 16;
let deliveries = 0;
const BRIDGE = Symbol.for("whalesong.plug");

/** Private fields of Node's Socket that the bridge has to set. */
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
  /** A reset of the far side is an error, as with TCP; on a unix socket it is an ordinary end. */
  readonly knowsReset: boolean;
  readonly onConnected: () => void;
  readonly onClosed: () => void;
}

/** Joins `socket` to `near`. The socket connects in a later turn of the event loop. */
export function attachBridge(socket: Socket, near: Connection, options: BridgeOptions): void {
  detachBridge(socket);
  const bridge = new SocketBridge(socket as BridgedSocket, near, options);
  (socket as BridgedSocket)[BRIDGE] = bridge;
  bridge.connect();
}

/** Fails a connection as the kernel would: in a later turn, when the client's listeners are attached. */
export function failConnection(socket: Socket, error: Error): void {
  (socket as BridgedSocket).connecting = true;
  callInNextTurn(() => socket.destroy(error));
}

/** Gives a socket back to Node: it may be connected again, to another address. */
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
  /** A socket calls its listeners in the async context that it was created in. */
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
    callInNextTurn(() => this.#context.runInAsyncScope(() => this.#finishConnect()));
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
      // One piece, as the kernel would deliver it: a websocket's header and payload are written corked.
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
    if (this.#near.readInto === undefined) void this.#near.read().then(this.#take);
    else this.#near.readInto(this.#take);
  }

  /** Most arrives in the turn in which the daemon writes it. A program that polls would else never get to its timers. */
  readonly #take = (bytes: Buffer | undefined): void => {
    deliveries += 1;
    if (deliveries % DELIVERIES_PER_TURN === 0) callInNextTurn(() => this.#deliverInContext(bytes));
    else this.#deliverInContext(bytes);
  };

  #deliverInContext(bytes: Buffer | undefined): void {
    this.#isReading = false;
    this.#context.runInAsyncScope(this.#deliver, this, bytes);
  }

  #deliver(bytes: Buffer | undefined): void {
    const socket = this.#socket;
    if (socket.destroyed || socket[BRIDGE] !== this) return;
    socket._unrefTimer?.();
    if (bytes !== undefined) {
      this.#bytesRead += bytes.length;
      // A copy: the client owns what it reads, and may write into it.
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

  /** What the kernel shows the other side of a unix socket: an end, and EPIPE for a write. */
  #destroy(error: Error | null, done: Done): void {
    keepAlive.remove(this);
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

/** A copy: the client may reuse its buffer after the write callback. */
function copyBytes(chunk: Buffer | string, encoding: BufferEncoding): Buffer {
  return typeof chunk === "string" ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
}
