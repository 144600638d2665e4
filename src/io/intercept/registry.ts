/**
 * Who intercepts what, and where in the program. An interception belongs to the scope that it was made in - a scope
 * follows the asynchronous calls of a function, so two tests of one process can each have their own - or to the whole
 * process where there was no scope.
 *
 * There is one registry in a process, whatever copies of this package are loaded: it hangs on `net.Socket`, which is
 * what is patched. (On globalThis it would be another one for each of jest's test files, whose patches are the same.)
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { Socket } from "node:net";
import type { Destination } from "./destination.ts";

/** Somebody who takes the connections to some destinations. */
export interface InterceptionTarget {
  readonly id: number;
  readonly destinations: ReadonlySet<Destination>;
  /** Does not give way to others of its kind: outside of scopes they are told apart by nothing. */
  readonly isAlone: boolean;
  readonly isOpen: boolean;
  /** Connects a socket of the client's own, without a handle, to what answers. */
  attach(socket: Socket, destination: Destination): void;
}

export interface InterceptionScope {
  readonly targets: Set<InterceptionTarget>;
  readonly outer: InterceptionScope | undefined;
}

export interface InterceptionRegistry {
  /** `outside`: as if nothing were intercepted. */
  readonly context: AsyncLocalStorage<InterceptionScope | "outside">;
  readonly process: InterceptionScope;
  /** Of all scopes, in the order in which they came. */
  readonly live: Set<InterceptionTarget>;
  /** The next target's id. */
  nextId: number;
}

/** What a lookup came to: somebody, nobody, or several who are told apart by nothing. */
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

/** Who takes a connection that is opened here and now. The innermost scope comes first, in each the latest. */
export function findTarget(destination: Destination): LookupResult {
  const { context, live, process } = getRegistry();
  const scope = context.getStore();
  if (scope === "outside" || live.size === 0) return undefined;
  for (let each = scope; each !== undefined; each = each.outer) {
    const own = findLatest(each.targets, destination);
    if (own !== undefined) return own;
  }
  const ofProcess = findLatest(process.targets, destination);
  if (ofProcess?.isAlone === false) return ofProcess;
  const all = [...live].filter(({ destinations }) => destinations.has(destination));
  return all.length > 1 ? "ambiguous" : all[0];
}

function findLatest(targets: Iterable<InterceptionTarget>, destination: Destination): InterceptionTarget | undefined {
  return [...targets].findLast(({ destinations }) => destinations.has(destination));
}

/** Takes its place in the scope that this is called in; returns how to leave it. */
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
 * intercepted for it alone. `first` is somebody who is in it from the start.
 */
export function runInScope<T>(work: () => T, first?: InterceptionTarget): T {
  const { context } = getRegistry();
  const here = context.getStore();
  const outer = here === "outside" ? undefined : here;
  return context.run({ targets: new Set(first === undefined ? [] : [first]), outer }, work);
}

/** Runs `work` as if nothing were intercepted: its connections reach what is really there. */
export function withoutInterception<T>(work: () => T): T {
  return getRegistry().context.run("outside", work);
}
