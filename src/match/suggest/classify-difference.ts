/** Decides which rule resolves one difference between two recordings of a request. */
import type { FieldDifference } from "../compare-requests.ts";
import { pairGeneratedValues, type ValuePair } from "../generated/value-pairs.ts";

export interface DifferenceVerdict {
  /** `recognised`: needs no rule, or has one. `bind`, `ignore`: the rule that resolves it. `beyond`: no rule does. */
  readonly kind: "recognised" | "bind" | "ignore" | "beyond";
  readonly difference: FieldDifference;
  /** Values that stand for each other from here on. */
  readonly pairs: readonly ValuePair[];
}

export interface VerdictEvidence {
  /** Fields that have a `bind` rule. */
  readonly bindFields: readonly string[];
  /** Whether a recorded value occurs elsewhere in its recording, so that other requests depend on it. */
  isRepeated(value: string): boolean;
}

export function classifyDifference(
  difference: FieldDifference,
  { bindFields, isRepeated }: VerdictEvidence,
): DifferenceVerdict {
  const { field, recorded, got } = difference;
  const isRuleable = isRuleField(field);
  if (recorded !== undefined && got !== undefined) {
    const pair: ValuePair = [recorded, got];
    const pairs = bindFields.includes(field) ? [pair] : pairGeneratedValues(recorded, got, field);
    if (pairs !== undefined) return { kind: "recognised", difference, pairs };
    const canBind = isRuleable && isNameLike(recorded) && isNameLike(got) && isRepeated(recorded);
    if (canBind) return { kind: "bind", difference, pairs: [pair] };
  }
  return { kind: isRuleable ? "ignore" : "beyond", difference, pairs: [] };
}

/** Rules can name query parameters, members of a JSON body and files of a tar. */
function isRuleField(field: string): boolean {
  return /^(query|json|tar)\../.test(field);
}

/** A number or a list may stand for anything. Only a word is recognised wherever it occurs. */
function isNameLike(value: string): boolean {
  return /^[^\s"[\]{},]{3,}$/.test(value) && /[A-Za-z]/.test(value) && !/^(true|false|null)$/i.test(value);
}
