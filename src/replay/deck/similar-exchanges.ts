/**
 * Recorded exchanges by what they have in common with a request that none of them answers: operation and path. Made when
 * the first such request comes, so that a replay without one does not pay for it, and the next one finds it made.
 */

import { createSharedParts, type SharedParts } from "../../match/generated/shared-parts.ts";
import type { NormalizedRequest } from "../../match/normalize/normalize-request.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

const NONE: readonly PlacedExchange[] = [];

export class SimilarExchanges {
  readonly #exchanges: readonly PlacedExchange[];
  readonly #listAtPath: (path: string) => readonly PlacedExchange[];
  /** By method, then by the name of the operation. */
  #byMethod: ReadonlyMap<string, ReadonlyMap<string, readonly PlacedExchange[]>> | undefined;

  /** @param listAtPath those of one path, as an index has them */
  constructor(exchanges: readonly PlacedExchange[], listAtPath: (path: string) => readonly PlacedExchange[]) {
    this.#exchanges = exchanges;
    this.#listAtPath = listAtPath;
  }

  get all(): readonly PlacedExchange[] {
    return this.#exchanges;
  }

  /** Those of one operation, in recorded order. */
  ofOperation({ method, operation }: Pick<NormalizedRequest, "method" | "operation">): readonly PlacedExchange[] {
    this.#byMethod ??= groupByOperation(this.#exchanges);
    return this.#byMethod.get(method)?.get(operation.name) ?? NONE;
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
    return this.#listAtPath(path);
  }

  /** What several recorded names have in different words. It is collected when it is asked for. */
  readonly sharedParts: SharedParts = createSharedParts(() => this.#exchanges.flatMap(listNames));
}

/** Two maps, since a text of both names for each of 100,000 exchanges would be most of the work. */
function groupByOperation(
  exchanges: readonly PlacedExchange[],
): ReadonlyMap<string, ReadonlyMap<string, readonly PlacedExchange[]>> {
  const methods = new Map<string, Map<string, PlacedExchange[]>>();
  for (const placed of exchanges) {
    const { method } = placed.entry;
    const operations = methods.get(method) ?? new Map<string, PlacedExchange[]>();
    if (operations.size === 0) methods.set(method, operations);
    const group = operations.get(placed.operation.name);
    if (group === undefined) operations.set(placed.operation.name, [placed]);
    else group.push(placed);
  }
  return methods;
}

function listNames({ operation: { path, query } }: PlacedExchange): readonly string[] {
  return [path, ...query.flatMap(([name, value]) => (NAMING.has(name) ? [value] : []))];
}

/** Parameters that name a thing, or an image. */
const NAMING: ReadonlySet<string> = new Set(["name", "t", "repo", "tag"]);

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
