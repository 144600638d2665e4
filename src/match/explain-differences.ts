/** Explains how two requests differ by values that stand for each other in two runs. */
import { parseBoundedJson } from "../base/parse-json.ts";
import { Bindings } from "./bindings.ts";
import type { FieldDifference } from "./compare-requests.ts";
import type { SharedParts } from "./generated/shared-parts.ts";
import { pairGeneratedValues, type ValuePair } from "./generated/value-pairs.ts";
import { isMultiset } from "./normalize/normalize-body.ts";
import type { ResolvedRules } from "./rules/resolve-rules.ts";

/** Before the name of a tar's member. */
const MEMBER = "tar.";

/** Whether both requests have the field. */
export function hasBothValues({ recorded, got }: FieldDifference): boolean {
  return recorded !== undefined && got !== undefined;
}

/**
 * The pairs that explain all differences: generated values, and those that a `bind` rule names. A value that is recognised
 * in one field explains the others, too.
 * @param shared parts of recorded names that are known to be random
 * @returns undefined if something else differs
 */
export function explainDifferences(
  differences: readonly FieldDifference[],
  rules: ResolvedRules,
  operation: string,
  shared?: SharedParts,
): readonly ValuePair[] | undefined {
  const comparable = pairMembers(differences);
  if (!comparable.every(hasBothValues)) return undefined;
  const pair = (difference: FieldDifference) => pairDifference(difference, rules, operation, shared);
  const explained = comparable.map((difference) => ({ difference, pairs: pair(difference) }));
  const pairs = explained.flatMap((one) => one.pairs ?? []);
  const rest = explained.filter((one) => one.pairs === undefined);
  if (pairs.length === 0) return rest.length === 0 ? pairs : undefined;
  const bindings = new Bindings();
  if (!bindings.canBind(pairs)) return undefined;
  bindings.bind(pairs);
  const more = rest.map(({ difference }) => pair(withBindings(difference, bindings)));
  return more.includes(undefined) ? undefined : [...pairs, ...more.flatMap((one) => one ?? [])];
}

/**
 * Members of two tars that are alike but for their names: the names are what differs. Where they are explained, the tars are
 * compared anew, by all of their content.
 */
function pairMembers(differences: readonly FieldDifference[]): readonly FieldDifference[] {
  const isMember = ({ field }: FieldDifference): boolean => field.startsWith(MEMBER);
  const missing = differences.filter((each) => isMember(each) && each.got === undefined);
  const added = differences.filter((each) => isMember(each) && each.recorded === undefined);
  if (missing.length === 0 || missing.length !== added.length) return differences;
  const rest = differences.filter((each) => !missing.includes(each) && !added.includes(each));
  const names = missing.map(({ field, recorded }): FieldDifference => {
    const at = added.findIndex(({ got }) => got === recorded);
    const [counterpart] = at < 0 ? [] : added.splice(at, 1);
    return { field: "tar", recorded: toMemberName(field), got: counterpart && toMemberName(counterpart.field) };
  });
  return [...rest, ...names];
}

function toMemberName(field: string): string {
  return field.slice(MEMBER.length);
}

function withBindings({ field, recorded = "", got }: FieldDifference, bindings: Bindings): FieldDifference {
  return { field, recorded: bindings.toToday(recorded), got };
}

function pairDifference(
  { field, recorded = "", got = "" }: FieldDifference,
  { bindFields, allows }: ResolvedRules,
  operation: string,
  shared?: SharedParts,
): readonly ValuePair[] | undefined {
  if (bindFields.includes(field)) return pairBoundValues(recorded, got);
  if (!allows("made-up-values")) return undefined;
  return pairGeneratedValues(...removeCommonMembers(field, recorded, got), field, operation, shared);
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
    return parseBoundedJson(text);
  } catch {
    return undefined;
  }
}
