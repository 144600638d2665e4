import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Connection, TcpListenPoint } from "../../session/connection.ts";
import { StreamConnection } from "./stream-connection.ts";

/**
 * Wraps a socket: unix, TCP, TLS or any other Duplex.
 * @param tcp the listener that accepted it, if that is one on TCP
 * @example
 * const daemon = createDaemon(mock(createEngine({ clock: systemClock, startMs: Date.now() })));
 * const server = createServer((socket) => daemon(fromSocket(socket)));
 */
export function fromSocket(socket: Duplex, tcp?: TcpListenPoint): Connection {
  // Hijacked streams end one half at a time; a server's `allowHalfOpen` default would end both.
  socket.allowHalfOpen = true;
  // Heads and first payloads are separate writes; Nagle's algorithm would hold the second back.
  if (socket instanceof Socket) socket.setNoDelay(true);
  return new StreamConnection({ readable: socket, writable: socket, forceClose: () => forceClose(socket), tcp });
}

/** Unix sockets and TLS sessions have no reset: there the peer sees an end, and an error when it writes. */
function forceClose(socket: Duplex): void {
  if (canReset(socket)) socket.resetAndDestroy();
  else socket.destroy();
}

/** While a FIN is on its way libuv refuses to reset (EINVAL), and Node 20 then never closes the handle at all. */
function canReset(socket: Duplex): socket is Socket {
  if (!(socket instanceof Socket) || isEncrypted(socket) || socket.destroyed) return false;
  const isShutting = socket.writableEnded && !socket.writableFinished;
  return socket.localFamily !== undefined && !isShutting;
}

/** To ask for its class would load `node:tls`. */
function isEncrypted(socket: Socket): boolean {
  return (socket as Partial<TLSSocket>).encrypted === true;
}
