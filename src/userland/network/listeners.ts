import type { Connection, Daemon } from "../../session/connection.ts";

/** A process that listens at a port. */
export interface PortListener {
  /** The next connection. */
  accept(): Promise<Connection>;
  /** Refuses further connections, and resets those that wait. */
  close(): void;
}

/** The ports of one host at which processes listen. */
export class PortListeners {
  readonly #ports = new Map<number, Daemon>();

  /** Holds the connections to a port; undefined where no process listens. */
  findListener(port: number): Daemon | undefined {
    return this.#ports.get(port);
  }

  get ports(): readonly number[] {
    return [...this.#ports.keys()];
  }

  /** Undefined where a process listens at the port already. */
  listen(port: number): PortListener | undefined {
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
