import type { Call } from "./call.ts";
import type { Connection } from "./connection.ts";

/** The connection of a call that has left HTTP: what the client has sent behind its request comes first. */
export function toHijackedConnection({ connection, reader }: Call): Connection {
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
