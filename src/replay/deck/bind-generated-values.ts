/**
 * Finds out which of today's values stand for recorded ones, from a request that no recorded exchange answers as it is.
 */
import { readStatus } from "../../cassette/read.ts";
import type { Bindings } from "../../match/bindings.ts";
import { type ComparableRequest, compareRequests } from "../../match/compare-requests.ts";
import { explainDifferences, hasBothValues } from "../../match/explain-differences.ts";
import type { NormalizedBody } from "../../match/normalize-body.ts";
import { hasOtherNumber, isCounted } from "../../match/numbered-names.ts";
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

/** The first recorded request that fits, unless its names have another number, and those of a later one have today's. */
async function findCandidate(search: BindingSearch): Promise<BindingCandidate | undefined> {
  const fitting: BindingCandidate[] = [];
  let left = TRIED;
  for (const placed of search.listCandidates()) {
    if (left-- === 0) break;
    const pairs = await findPairs(placed, search);
    if (pairs === undefined || pairs.length === 0 || !search.bindings.canBind(pairs)) continue;
    fitting.push({ placed, pairs });
    if (fitting.length === 1 && !pairs.some(hasOtherNumber)) break;
  }
  const [first] = fitting;
  return first && (findOfSameNumber(fitting, search.bindings) ?? first);
}

function findOfSameNumber(fitting: readonly BindingCandidate[], bindings: Bindings): BindingCandidate | undefined {
  if (fitting.length === 1) return undefined;
  const names = [...bindings.pairs, ...fitting.flatMap(({ pairs }) => pairs)].map(([recorded]) => recorded);
  const isOfSameNumber = ({ pairs }: BindingCandidate): boolean =>
    !pairs.some(hasOtherNumber) && pairs.some(([recorded]) => isCounted(recorded, names));
  return fitting.find(isOfSameNumber);
}

async function findPairs(
  placed: PlacedExchange,
  { got, rules, sharedEndings, toComparable, normalizeBody }: BindingSearch,
): Promise<readonly ValuePair[] | undefined> {
  const recorded = toComparable(placed);
  const { name } = placed.operation;
  const inHeads = compareRequests({ ...recorded, body: got.body }, got);
  // Bodies take long to compare: heads that differ in more than generated values make that needless.
  if (!inHeads.every(hasBothValues)) return undefined;
  if (got.body.key === "" && explainDifferences(inHeads, rules, name, sharedEndings) === undefined) return undefined;
  const inBodies = compareRequests({ ...got, body: await normalizeBody(placed) }, got);
  return explainDifferences([...inHeads, ...inBodies], rules, name, sharedEndings);
}
