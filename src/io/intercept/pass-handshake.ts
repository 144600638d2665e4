import { TLSSocket } from "node:tls";

/** Private fields of Node's TLSSocket. */
interface TlsInternals {
  _handle: { close(): void } | null;
  authorized: boolean;
  secureConnecting: boolean;
}

/**
 * Marks the handshake of a TLSSocket as done: bytes in memory are not encrypted, and this process itself chose the
 * peer. Call it when the socket is connected, before it emits `connect`.
 */
export function passHandshake(socket: object): void {
  if (!(socket instanceof TLSSocket)) return;
  const secured = socket as TLSSocket & TlsInternals;
  secured._handle?.close();
  secured._handle = null;
  secured.authorized = true;
  secured.secureConnecting = false;
  // This listener treats the connection's end as that of an unfinished handshake (node: lib/_tls_wrap.js).
  for (const listener of socket.listeners("end")) {
    if (listener.name === "onConnectEnd") socket.off("end", listener as () => void);
  }
  socket.once("connect", () => socket.emit("secureConnect"));
}
