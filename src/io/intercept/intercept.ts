/** The same daemon without a socket: connections that this process opens to chosen addresses end in memory. */
import type { Socket } from "node:net";
import type { Daemon } from "../../session/connection.ts";
import { connectionPair } from "../../session/pair.ts";
import { systemClock } from "../clock.ts";
import { ConnectionTracker } from "../connections/connection-tracker.ts";
import { type Destination, parseDestination, listUsualAddresses } from "./destination.ts";
import { installPatches, uninstallPatches } from "./patches.ts";
import { attachBridge } from "./socket-bridge.ts";
import { enterScope, runInScope, getRegistry, type InterceptionTarget } from "./registry.ts";

export { listUsualAddresses } from "./destination.ts";
export { runInScope, withoutInterception } from "./registry.ts";

export interface InterceptOptions {
  /**
   * The addresses: paths, `unix:///path`, `npipe:////./pipe/name`, `tcp://host:port`, `http://host:port`.
   * Default: wherever Docker's clients look, DOCKER_HOST included.
   */
  readonly at?: readonly string[];
  /**
   * Where two such interceptions have an address in common, outside of scopes neither gets a connection to it: it
   * fails with WHALESONG_AMBIGUOUS_CASSETTE. Default: the later one is in front of the earlier one.
   */
  readonly isAlone?: boolean;
  /** Told what a daemon threw. Default: a process warning. */
  readonly onError?: (error: unknown) => void;
}

/** Interceptions that are on. */
export interface Interception {
  /** How many connections are open. */
  readonly connections: number;
  /** Runs `work` in a scope in which this comes before any other, wherever it was made. */
  run<T>(work: () => T): T;
  /** Breaks off what is still open, and puts Node back as it was if this was the last. Later calls do nothing. */
  close(): Promise<void>;
}

/**
 * Has `daemon` hold every connection that is opened to one of the addresses: in the scope that this is called in, or
 * in the whole process outside of a scope. All other connections are left alone, and so are those that whalesong opens
 * to record; a daemon of one's own that goes to one of the addresses itself has to do so in `outside`.
 * @throws UsageError `WHALESONG_BAD_ADDRESS`
 */
export function intercept(daemon: Daemon, options: InterceptOptions = {}): Interception {
  const { at = listUsualAddresses(), isAlone = false, onError = warn } = options;
  const target = new Interceptor(daemon, new Set(at.map(parseDestination)), isAlone, onError);
  installPatches();
  const leave = enterScope(target);
  return {
    get connections() {
      return target.connections;
    },
    run: (work) => runInScope(work, target),
    close: async () => {
      leave();
      await target.close();
      // Not before: an agent that loses a connection still has to name it as it did.
      if (getRegistry().live.size === 0) uninstallPatches();
    },
  };
}

class Interceptor implements InterceptionTarget {
  readonly id: number = getRegistry().nextId++;
  readonly destinations: ReadonlySet<Destination>;
  readonly isAlone: boolean;
  readonly #tracker: ConnectionTracker;
  readonly #sockets = new Set<Socket>();
  #isOpen = true;

  constructor(
    daemon: Daemon,
    destinations: ReadonlySet<Destination>,
    isAlone: boolean,
    onError: (error: unknown) => void,
  ) {
    this.#tracker = new ConnectionTracker(daemon, onError);
    this.destinations = destinations;
    this.isAlone = isAlone;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get connections(): number {
    return this.#tracker.count;
  }

  attach(socket: Socket, destination: Destination): void {
    const [near, far] = connectionPair();
    this.#sockets.add(socket);
    attachBridge(socket, near, {
      knowsReset: destination.startsWith("tcp:"),
      onConnected: () => this.#tracker.accept(far),
      onClosed: () => this.#sockets.delete(socket),
    });
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    const closed = [...this.#sockets].map(destroyAndWait);
    await Promise.all([this.#tracker.closeAll(systemClock), ...closed]);
  }
}

function destroyAndWait(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve()).destroy();
  });
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
