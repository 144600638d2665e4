import type { Call } from "./call.ts";
import type { Connection } from "./connection.ts";

/**
 * The connection of a call that has left HTTP: what the client has sent behind its request comes first. Where the call is
 * the beginning of an HTTP/2 connection, the connection has that, too.
 */
export function toHijackedConnection({ connection, reader, isHttp2, rawHead }: Call): Connection {
  if (isHttp2) reader.queue.putBack(rawHead);
  return {
    read: async () => {
      if (reader.queue.length === 0 && !(await reader.readMore())) return undefined;
      return reader.queue.take();
    },
    write: (bytes) => connection.write(bytes),
    end: () => connection.end(),
    reset: () => connection.reset(),
    closed: connection.closed,
    get isGone() {
      return connection.isGone;
    },
    get isBroken() {
      return connection.isBroken;
    },
  };
}
