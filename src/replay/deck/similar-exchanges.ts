/**
 * Recorded exchanges by what they have in common with a request that none of them answers: operation and path. Made when
 * the first such request comes, so that a replay without one does not pay for it, and the next one finds it made.
 */
import { collectSharedEndings } from "../../match/glued-endings.ts";
import type { NormalizedRequest } from "../../match/normalize-request.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

interface Lists {
  readonly byOperation: ReadonlyMap<string, readonly PlacedExchange[]>;
  readonly byPath: ReadonlyMap<string, readonly PlacedExchange[]>;
}

const NONE: readonly PlacedExchange[] = [];

export class SimilarExchanges {
  readonly #exchanges: readonly PlacedExchange[];
  #made: Lists | undefined;
  #sharedEndings: ReadonlySet<string> | undefined;

  constructor(exchanges: readonly PlacedExchange[]) {
    this.#exchanges = exchanges;
  }

  get all(): readonly PlacedExchange[] {
    return this.#exchanges;
  }

  /** Those of one operation, in recorded order. */
  ofOperation({ method, operation }: Pick<NormalizedRequest, "method" | "operation">): readonly PlacedExchange[] {
    return this.#lists.byOperation.get(`${method} ${operation.name}`) ?? NONE;
  }

  /** Those of one operation that could still answer. */
  *listOpen(request: NormalizedRequest, played: ReadonlySet<PlacedExchange>): Generator<PlacedExchange> {
    for (const placed of this.ofOperation(request)) {
      if (placed.operation.apiVersion !== request.operation.apiVersion) continue;
      if (placed.role !== "change" || !played.has(placed)) yield placed;
    }
  }

  /** Those of one path, of any method and version, in recorded order. */
  atPath(path: string): readonly PlacedExchange[] {
    return this.#lists.byPath.get(path) ?? NONE;
  }

  /** Endings that several recorded names have, glued to different words. */
  get sharedEndings(): ReadonlySet<string> {
    this.#sharedEndings ??= collectSharedEndings(this.#exchanges.flatMap(listNames));
    return this.#sharedEndings;
  }

  get #lists(): Lists {
    this.#made ??= {
      byOperation: groupExchanges(this.#exchanges, ({ entry, operation }) => `${entry.method} ${operation.name}`),
      byPath: groupExchanges(this.#exchanges, ({ operation }) => operation.path),
    };
    return this.#made;
  }
}

function listNames({ operation: { path, query } }: PlacedExchange): readonly string[] {
  return [path, ...query.flatMap(([name, value]) => (name === "name" ? [value] : []))];
}

/** @param toKey undefined for an exchange that belongs to no group */
export function groupExchanges(
  exchanges: readonly PlacedExchange[],
  toKey: (placed: PlacedExchange) => string | undefined,
): ReadonlyMap<string, readonly PlacedExchange[]> {
  const groups = new Map<string, PlacedExchange[]>();
  for (const placed of exchanges) {
    const key = toKey(placed);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [placed]);
    else group.push(placed);
  }
  return groups;
}
