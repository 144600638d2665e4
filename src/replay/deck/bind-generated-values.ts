/**
 * Finds out which of today's values stand for recorded ones, from a request that no recorded exchange answers as it is.
 */
import { readStatus } from "../../cassette/read.ts";
import type { Bindings } from "../../match/bindings.ts";
import {
  type ComparableRequest,
  compareHeads,
  compareRequests,
  type FieldDifference,
  hasSameFields,
} from "../../match/compare-requests.ts";
import { explainDifferences, hasBothValues } from "../../match/explain-differences.ts";
import { createNumberComparison, haveNumbers } from "../../match/generated/numbered-names.ts";
import type { SharedParts } from "../../match/generated/shared-parts.ts";
import { hasOtherId, type ValuePair } from "../../match/generated/value-pairs.ts";
import type { NormalizedBody } from "../../match/normalize/normalize-body.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

/** How many recorded requests are tried. */
const TRIED = 200;

export interface BindingSearch {
  /** Recorded requests that may be this one, in recorded order. */
  readonly listCandidates: () => Iterable<PlacedExchange>;
  readonly got: ComparableRequest;
  readonly bindings: Bindings;
  readonly rules: ResolvedRules;
  /** Parts of recorded names that are known to be random. @default none */
  readonly sharedParts?: SharedParts;
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
    const comparing = compareWith(placed, search);
    // Most heads tell at once, and there are hundreds of them while a client waits.
    const { recordedValues, pairs = [] } = comparing instanceof Promise ? await comparing : comparing;
    names.push(...recordedValues);
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
  /** What the recorded request has where the two differ. */
  readonly recordedValues: readonly string[];
  /** Undefined if they do not explain all differences. */
  readonly pairs?: readonly ValuePair[] | undefined;
}

function compareWith(placed: PlacedExchange, search: BindingSearch): RequestComparison | Promise<RequestComparison> {
  const { got } = search;
  const recorded = search.toComparable(placed);
  if (isOfOtherId(recorded, search)) return { recordedValues: [recorded.path] };
  const inHeads = compareHeads(recorded, got);
  // Bodies take long to compare: heads that differ in more than generated values make that needless.
  const isOther =
    !inHeads.every(hasBothValues) || (got.body.key === "" && explainAll(inHeads, placed, search) === undefined);
  if (isOther) return { recordedValues: listRecorded(inHeads) };
  return compareBodiesWith(placed, search, inHeads);
}

/** The usual miss: without a body, and for the id of another thing, which nothing explains. */
function isOfOtherId(recorded: ComparableRequest, { got, rules }: BindingSearch): boolean {
  if (got.body.key !== "" || rules.bindFields.includes("path")) return false;
  return hasSameFields(recorded, got) && hasOtherId(recorded.path, got.path);
}

async function compareBodiesWith(
  placed: PlacedExchange,
  search: BindingSearch,
  inHeads: readonly FieldDifference[],
): Promise<RequestComparison> {
  const { got } = search;
  const inBodies = compareRequests({ ...got, body: await search.normalizeBody(placed) }, got);
  const differences = [...inHeads, ...inBodies];
  return { recordedValues: listRecorded(differences), pairs: explainAll(differences, placed, search) };
}

function explainAll(
  differences: readonly FieldDifference[],
  { operation }: PlacedExchange,
  { rules, sharedParts }: BindingSearch,
): readonly ValuePair[] | undefined {
  return explainDifferences(differences, rules, operation.name, sharedParts);
}

function listRecorded(differences: readonly FieldDifference[]): readonly string[] {
  return differences.flatMap(({ recorded = [] }) => recorded);
}
