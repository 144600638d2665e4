/**
 * The interceptions of this process, and the scope of each. An interception belongs to the scope that it was made in.
 * A scope follows the asynchronous calls of a function, so two tests of one process can each have their own. An
 * interception made outside of a scope belongs to the whole process.
 *
 * A process has one registry, however many copies of this package are loaded: it is a property of `net.Socket`, which
 * is the class that is patched. (On globalThis each of jest's test files would have a registry of its own, although
 * they share the patches.)
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { Socket } from "node:net";
import type { Destination } from "./destination.ts";
import type { RequestLike } from "./request-origins.ts";

/** An interception: it takes the connections to its destinations. */
export interface InterceptionTarget {
  readonly id: number;
  readonly destinations: ReadonlySet<Destination>;
  /** Refuses to share an address outside of scopes, where nothing distinguishes two interceptions of it. */
  readonly isAlone: boolean;
  readonly isOpen: boolean;
  /** Joins the client's socket, which has no handle, to the daemon. */
  attach(socket: Socket, destination: Destination): void;
  /** Remembers where a request is made. Another copy of this package may have none. */
  noteRequest?(request: RequestLike): void;
}

export interface InterceptionScope {
  readonly targets: Set<InterceptionTarget>;
  readonly outer: InterceptionScope | undefined;
}

export interface InterceptionRegistry {
  /** `outside`: as if nothing were intercepted. */
  readonly context: AsyncLocalStorage<InterceptionScope | "outside">;
  readonly process: InterceptionScope;
  /** The targets of all scopes, oldest first. */
  readonly live: Set<InterceptionTarget>;
  /** Answers outside of all interceptions; not in `live`. */
  guard?: InterceptionTarget | undefined;
  /** The next target's id. */
  nextId: number;
}

/** One target, none, or several that nothing distinguishes. */
export type LookupResult = InterceptionTarget | undefined | "ambiguous";

const KEY = Symbol.for("whalesong.interceptions.v1");

export function getRegistry(): InterceptionRegistry {
  const host = Socket as { [KEY]?: InterceptionRegistry };
  host[KEY] ??= {
    context: new AsyncLocalStorage(),
    process: { targets: new Set(), outer: undefined },
    live: new Set(),
    nextId: 1,
  };
  return host[KEY];
}

/**
 * The target of a connection that is opened in the current async context: the innermost scope wins, and in a scope the
 * latest target.
 */
export function findTarget(destination: Destination): LookupResult {
  const { context, live, process } = getRegistry();
  const scope = context.getStore();
  if (scope === "outside") return undefined;
  if (live.size === 0) return findGuard(destination);
  for (let each = scope; each !== undefined; each = each.outer) {
    const own = findLatest(each.targets, destination);
    if (own !== undefined) return own;
  }
  const ofProcess = findLatest(process.targets, destination);
  if (ofProcess?.isAlone === false) return ofProcess;
  const all = [...live].filter(({ destinations }) => destinations.has(destination));
  return all.length > 1 ? "ambiguous" : (all[0] ?? findGuard(destination));
}

function findGuard(destination: Destination): InterceptionTarget | undefined {
  const { guard } = getRegistry();
  return guard?.destinations.has(destination) === true ? guard : undefined;
}

function findLatest(targets: Iterable<InterceptionTarget>, destination: Destination): InterceptionTarget | undefined {
  let latest: InterceptionTarget | undefined;
  for (const target of targets) if (target.destinations.has(destination)) latest = target;
  return latest;
}

/** Adds `target` to the current scope. Returns the function that removes it. */
export function enterScope(target: InterceptionTarget): () => void {
  const { context, live, process } = getRegistry();
  const here = context.getStore();
  const scope = here === undefined || here === "outside" ? process : here;
  scope.targets.add(target);
  live.add(target);
  return () => {
    scope.targets.delete(target);
    live.delete(target);
  };
}

/**
 * Runs `work` in a scope of its own: what is intercepted in it, or in anything that it calls and awaits, is
 * intercepted for it alone. `first` is in the scope from the start.
 * @example
 * await runInScope(async () => {
 *   const cassette = await insertCassette("hello.yaml");
 *   await new Docker({ socketPath: "/var/run/docker.sock" }).listContainers();
 *   await cassette.settle();
 * });
 */
export function runInScope<T>(work: () => T, first?: InterceptionTarget): T {
  const { context } = getRegistry();
  const here = context.getStore();
  const outer = here === "outside" ? undefined : here;
  return context.run({ targets: new Set(first === undefined ? [] : [first]), outer }, work);
}

/**
 * Runs `work` as if nothing were intercepted: its connections reach the real addresses.
 * @example
 * const upstream = await withoutInterception(() => connect(parseUpstream(process.env.DOCKER_HOST)));
 * upstream.reset();
 */
export function withoutInterception<T>(work: () => T): T {
  return getRegistry().context.run("outside", work);
}
