import type { Connection, Daemon } from "../../session/connection.ts";

/** A process that listens at a port. */
export interface Listener {
  /** The next one who connects. */
  accept(): Promise<Connection>;
  /** Nobody gets through any more; whoever waits is cut off. */
  close(): void;
}

/** Who of a host's processes listens where. */
export class Listeners {
  readonly #ports = new Map<number, Daemon>();

  /** Whoever connects to the port is held by it; undefined where nobody listens. */
  at(port: number): Daemon | undefined {
    return this.#ports.get(port);
  }

  get ports(): readonly number[] {
    return [...this.#ports.keys()];
  }

  /** Undefined where somebody listens there already. */
  listen(port: number): Listener | undefined {
    if (this.#ports.has(port)) return undefined;
    const waiting: Connection[] = [];
    const accepting: ((connection: Connection) => void)[] = [];
    this.#ports.set(port, (connection) => {
      const accept = accepting.shift();
      if (accept === undefined) waiting.push(connection);
      else accept(connection);
      return connection.closed;
    });
    return {
      accept: () => {
        const first = waiting.shift();
        return first === undefined ? new Promise((resolve) => accepting.push(resolve)) : Promise.resolve(first);
      },
      close: () => {
        this.#ports.delete(port);
        for (const connection of waiting) connection.reset();
      },
    };
  }
}
