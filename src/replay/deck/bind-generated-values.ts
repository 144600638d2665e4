/**
 * Finds out which of today's values stand for recorded ones, from a request that no recorded exchange answers as it is.
 */
import { Bindings } from "../../match/bindings.ts";
import { type ComparableRequest, compareRequests, type FieldDifference } from "../../match/compare-requests.ts";
import { isMultiset, type NormalizedBody } from "../../match/normalize-body.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";
import { pairGeneratedValues, type ValuePair } from "../../match/value-pairs.ts";
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

function hasBothValues({ recorded, got }: FieldDifference): boolean {
  return recorded !== undefined && got !== undefined;
}

/** The pairs that explain all differences. A value that is recognised in one field explains the others, too. */
function explainDifferences(
  differences: readonly FieldDifference[],
  rules: ResolvedRules,
  operation: string,
): readonly ValuePair[] | undefined {
  if (!differences.every(hasBothValues)) return undefined;
  const explained = differences.map((difference) => ({
    difference,
    pairs: pairDifference(difference, rules, operation),
  }));
  const pairs = explained.flatMap((one) => one.pairs ?? []);
  const bindings = new Bindings();
  if (!bindings.canBind(pairs)) return undefined;
  bindings.bind(pairs);
  const rest = explained.filter((one) => one.pairs === undefined);
  const more = rest.map(({ difference }) => pairDifference(withBindings(difference, bindings), rules, operation));
  return more.includes(undefined) ? undefined : [...pairs, ...more.flatMap((one) => one ?? [])];
}

function withBindings({ field, recorded = "", got }: FieldDifference, bindings: Bindings): FieldDifference {
  return { field, recorded: bindings.toToday(recorded), got };
}

function pairDifference(
  { field, recorded = "", got = "" }: FieldDifference,
  { bindFields, allows }: ResolvedRules,
  operation: string,
): readonly ValuePair[] | undefined {
  if (bindFields.includes(field)) return pairBoundValues(recorded, got);
  if (!allows("made-up-values")) return undefined;
  return pairGeneratedValues(...removeCommonMembers(field, recorded, got), field, operation);
}

/** A whole value stands for another one; of two lists, each member for its counterpart. */
function pairBoundValues(recorded: string, got: string): readonly ValuePair[] {
  const [members, others] = [toTextList(recorded), toTextList(got)];
  if (members === undefined || members.length !== others?.length) return [[recorded, got]];
  return members.map((member, at): ValuePair => [member, others[at] as string]).filter(([was, is]) => was !== is);
}

/** Multisets are sorted, so that a generated value is at another index each time: only what differs is compared. */
function removeCommonMembers(field: string, recorded: string, got: string): readonly [string, string] {
  const [members, others] = [toTextList(recorded), toTextList(got)];
  if (!isMultiset(field) || members === undefined || others === undefined) return [recorded, got];
  const removeAll = (list: readonly string[], common: readonly string[]): string =>
    JSON.stringify(list.filter((member) => !common.includes(member)));
  return [removeAll(members, others), removeAll(others, members)];
}

function toTextList(text: string): readonly string[] | undefined {
  const value: unknown = text.startsWith("[") ? parseJson(text) : undefined;
  return Array.isArray(value) && value.every((member) => typeof member === "string") ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
