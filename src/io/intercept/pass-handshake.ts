import { TLSSocket } from "node:tls";

/** What of a TLSSocket is Node's own business. */
interface TlsInternals {
  _handle: { close(): void } | null;
  authorized: boolean;
  secureConnecting: boolean;
}

/**
 * Has a TLSSocket take its handshake for done: nothing is encrypted on a line in memory, and whom it reaches was
 * chosen by its own process. Call it when the socket is connected, before it says so.
 */
export function passHandshake(socket: object): void {
  if (!(socket instanceof TLSSocket)) return;
  const secured = socket as TLSSocket & TlsInternals;
  secured._handle?.close();
  secured._handle = null;
  secured.authorized = true;
  secured.secureConnecting = false;
  // It would take the end of the connection for that of an unfinished handshake (node: lib/_tls_wrap.js).
  for (const listener of socket.listeners("end")) {
    if (listener.name === "onConnectEnd") socket.off("end", listener as () => void);
  }
  socket.once("connect", () => socket.emit("secureConnect"));
}
