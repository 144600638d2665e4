/**
 * Finds out which of today's values stand for recorded ones, from a request that no recorded exchange answers as it is.
 */
import type { Bindings } from "../../match/bindings.ts";
import { type ComparableRequest, compareRequests } from "../../match/compare-requests.ts";
import { explainDifferences, hasBothValues } from "../../match/explain-differences.ts";
import type { NormalizedBody } from "../../match/normalize-body.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";
import type { ValuePair } from "../../match/value-pairs.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

/** How many recorded requests are tried. */
const TRIED = 200;

export interface BindingSearch {
  /** Recorded requests that may be this one, in recorded order. */
  readonly candidates: Iterable<PlacedExchange>;
  readonly got: ComparableRequest;
  readonly bindings: Bindings;
  readonly rules: ResolvedRules;
  /** A recorded request without its body. */
  toComparable(placed: PlacedExchange): ComparableRequest;
  normalizeBody(placed: PlacedExchange): NormalizedBody | Promise<NormalizedBody>;
}

/**
 * Binds the values that make the request equal to a recorded one; resolves with false if none do. To see that a value
 * is free and to bind it are one step, so that two requests at the same time never stand for the same recorded one.
 */
export async function bindGeneratedValues(search: BindingSearch): Promise<boolean> {
  let left = TRIED;
  for (const placed of search.candidates) {
    if (left-- === 0) return false;
    const pairs = await findPairs(placed, search);
    if (pairs === undefined || pairs.length === 0 || !search.bindings.canBind(pairs)) continue;
    search.bindings.bind(pairs);
    return true;
  }
  return false;
}

async function findPairs(
  placed: PlacedExchange,
  { got, rules, toComparable, normalizeBody }: BindingSearch,
): Promise<readonly ValuePair[] | undefined> {
  const recorded = toComparable(placed);
  const { name } = placed.operation;
  const inHeads = compareRequests({ ...recorded, body: got.body }, got);
  // Bodies take long to compare: heads that differ in more than generated values make that needless.
  if (!inHeads.every(hasBothValues)) return undefined;
  if (got.body.key === "" && explainDifferences(inHeads, rules, name) === undefined) return undefined;
  const inBodies = compareRequests({ ...got, body: await normalizeBody(placed) }, got);
  return explainDifferences([...inHeads, ...inBodies], rules, name);
}
