/**
 * Finds out which of today's values stand for recorded ones, from a request that no recorded exchange answers as it is.
 */
import { readStatus } from "../../cassette/read.ts";
import type { Bindings } from "../../match/bindings.ts";
import { type ComparableRequest, compareRequests, type FieldDifference } from "../../match/compare-requests.ts";
import { explainDifferences, hasBothValues } from "../../match/explain-differences.ts";
import type { NormalizedBody } from "../../match/normalize-body.ts";
import { createNumberComparison, haveNumbers } from "../../match/numbered-names.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";
import type { ValuePair } from "../../match/value-pairs.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

/** How many recorded requests are tried. */
const TRIED = 200;

export interface BindingSearch {
  /** Recorded requests that may be this one, in recorded order. */
  readonly listCandidates: () => Iterable<PlacedExchange>;
  readonly got: ComparableRequest;
  readonly bindings: Bindings;
  readonly rules: ResolvedRules;
  /** Endings of recorded names that are known to be random. @default none */
  readonly sharedEndings?: ReadonlySet<string>;
  /** A recorded request without its body. */
  toComparable(placed: PlacedExchange): ComparableRequest;
  normalizeBody(placed: PlacedExchange): NormalizedBody | Promise<NormalizedBody>;
}

/** A recorded request, and what makes today's equal to it. */
interface BindingCandidate {
  readonly placed: PlacedExchange;
  readonly pairs: readonly ValuePair[];
}

/**
 * Binds the values that make the request equal to a recorded one; resolves with false if none do. To see that a value
 * is free and to bind it are one step, so that two requests at the same time never stand for the same recorded one.
 * @param own the same search by the rules of the client that asks, where it has some: what it finds comes first, unless
 *   the daemon gave the two another status, so that their order decided
 */
export async function bindGeneratedValues(search: BindingSearch, own?: BindingSearch): Promise<boolean> {
  for (;;) {
    const joined = await findCandidate(search);
    if (joined === undefined) return false;
    const fitting = own === undefined ? undefined : await findCandidate(own);
    const isSameMoment = fitting !== undefined && readStatus(fitting.placed.entry) === readStatus(joined.placed.entry);
    const { pairs } = isSameMoment ? fitting : joined;
    // While the other search went on, another request may have taken a value.
    if (!search.bindings.canBind(pairs)) continue;
    search.bindings.bind(pairs);
    return true;
  }
}

/** The first recorded request that fits; of those with numbers in their names, the one that has most of today's. */
async function findCandidate(search: BindingSearch): Promise<BindingCandidate | undefined> {
  const fitting: BindingCandidate[] = [];
  const names = search.bindings.pairs.map(([recorded]) => recorded);
  let left = TRIED;
  for (const placed of search.listCandidates()) {
    if (left-- === 0) break;
    const { differences, pairs = [] } = await compareWith(placed, search);
    names.push(...differences.flatMap(({ recorded = [] }) => recorded));
    if (pairs.length === 0 || !search.bindings.canBind(pairs)) continue;
    fitting.push({ placed, pairs });
    if (!pairs.some(haveNumbers)) break;
  }
  return fitting.length > 1 ? selectByNumber(fitting, names) : fitting[0];
}

function selectByNumber(fitting: readonly BindingCandidate[], names: readonly string[]): BindingCandidate | undefined {
  const countSharedDigits = createNumberComparison(names);
  const shared = fitting.map(({ pairs }) => Math.max(...pairs.map(countSharedDigits)));
  return fitting[shared.indexOf(Math.max(...shared))];
}

interface RequestComparison {
  readonly differences: readonly FieldDifference[];
  /** Undefined if they do not explain all differences. */
  readonly pairs?: readonly ValuePair[] | undefined;
}

async function compareWith(
  placed: PlacedExchange,
  { got, rules, sharedEndings, toComparable, normalizeBody }: BindingSearch,
): Promise<RequestComparison> {
  const recorded = toComparable(placed);
  const explain = (differences: readonly FieldDifference[]): readonly ValuePair[] | undefined =>
    explainDifferences(differences, rules, placed.operation.name, sharedEndings);
  const inHeads = compareRequests({ ...recorded, body: got.body }, got);
  // Bodies take long to compare: heads that differ in more than generated values make that needless.
  const isOther = !inHeads.every(hasBothValues) || (got.body.key === "" && explain(inHeads) === undefined);
  if (isOther) return { differences: inHeads };
  const differences = [...inHeads, ...compareRequests({ ...got, body: await normalizeBody(placed) }, got)];
  return { differences, pairs: explain(differences) };
}
