/** Interception: connections that this process opens to chosen addresses reach a daemon in memory, without a socket. */
import type { Socket } from "node:net";
import { checkArgument, checkOptions } from "../../base/options/check-options.ts";
import { flagKind, functionKind, textListKind } from "../../base/options/common-kinds.ts";
import { type OptionKind, recordOf } from "../../base/options/option-kind.ts";
import type { Daemon } from "../../session/connection.ts";
import { connectionPair } from "../../session/pair.ts";
import { systemClock } from "../clock.ts";
import { ConnectionTracker } from "../connections/connection-tracker.ts";
import { type Destination, listUsualAddresses, parseDestination } from "./destination.ts";
import { installPatches, uninstallPatches } from "./patches.ts";
import { enterScope, getRegistry, type InterceptionTarget, runInScope } from "./registry.ts";
import { type RequestLike, RequestOrigins } from "./request-origins.ts";
import { attachBridge } from "./socket-bridge.ts";

export { listUsualAddresses } from "./destination.ts";
export { runInScope, withoutInterception } from "./registry.ts";

/** Options of `intercept`. */
export interface InterceptOptions {
  /**
   * The addresses: paths, `unix:///path`, `npipe:////./pipe/name`, `tcp://host:port`, `http://host:port`.
   * @default the addresses where Docker's clients look, DOCKER_HOST included (`listUsualAddresses`)
   */
  readonly at?: readonly string[];
  /**
   * Outside of scopes, a connection to an address that two such interceptions share fails with
   * `WHALESONG_AMBIGUOUS_CASSETTE`. Without it, the later interception wins.
   * @default false
   */
  readonly isAlone?: boolean;
  /** Called with errors that a daemon throws. @default a process warning */
  readonly onError?: (error: unknown) => void;
}

const interceptKind: OptionKind = recordOf<InterceptOptions>(
  { at: textListKind, isAlone: flagKind, onError: functionKind },
  "an object of options",
);

/** An interception that is active. */
export interface Interception {
  /** How many connections are open. */
  readonly connections: number;
  /** The lines of the stack with which the latest such request was made; none if no `http.Agent` made it. */
  findOrigin(method: string, target: string): readonly string[];
  /** Runs `work` in a scope in which this interception wins over all others. */
  run<T>(work: () => T): T;
  /** Resets open connections, and restores Node's functions if this was the last one. Later calls do nothing. */
  close(): Promise<void>;
}

/**
 * Gives `daemon` every connection that is opened to one of the addresses: in the current scope, or in the whole
 * process outside of a scope. All other connections stay as they are, and so do those that whalesong opens to record.
 * A daemon that connects to one of the addresses itself must do so in `withoutInterception`.
 * @throws UsageError `WHALESONG_BAD_OPTION`, `WHALESONG_BAD_ADDRESS`
 * @example
 * const daemon = createDaemon(mock(createEngine({ clock: systemClock, startMs: Date.now() })));
 * const interception = intercept(daemon, { at: ["/nowhere/docker.sock"] });
 * await new Docker({ socketPath: "/nowhere/docker.sock" }).ping();
 * await interception.close();
 */
export function intercept(daemon: Daemon, options: InterceptOptions = {}): Interception {
  checkArgument("intercept", "daemon", daemon, functionKind);
  checkOptions("intercept", options, interceptKind);
  const { at = listUsualAddresses(), isAlone = false, onError = warn } = options;
  const target = new Interceptor(daemon, new Set(at.map(parseDestination)), isAlone, onError);
  installPatches();
  const leave = enterScope(target);
  return {
    get connections() {
      return target.connections;
    },
    findOrigin: (method, path) => target.origins.find(method, path),
    run: (work) => runInScope(work, target),
    close: async () => {
      leave();
      await target.close();
      // Last: an agent that loses a connection has to find it under its old name.
      uninstallIfIdle();
    },
  };
}

/**
 * Gives `daemon` the connections to the addresses where Docker's clients look that no interception takes, in the whole
 * process. Not those of `withoutInterception`. A later guard replaces an earlier one.
 * @returns the function that removes it
 */
export function guardAddresses(daemon: Daemon): () => Promise<void> {
  const registry = getRegistry();
  const guard = new Interceptor(daemon, new Set(listUsualAddresses().map(parseDestination)), false, warn);
  registry.guard = guard;
  installPatches();
  return async () => {
    if (registry.guard === guard) registry.guard = undefined;
    await guard.close();
    uninstallIfIdle();
  };
}

function uninstallIfIdle(): void {
  const { live, guard } = getRegistry();
  if (live.size === 0 && guard === undefined) uninstallPatches();
}

class Interceptor implements InterceptionTarget {
  readonly id: number = getRegistry().nextId++;
  readonly destinations: ReadonlySet<Destination>;
  readonly isAlone: boolean;
  readonly origins: RequestOrigins = new RequestOrigins();
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

  noteRequest(request: RequestLike): void {
    this.origins.note(request);
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
