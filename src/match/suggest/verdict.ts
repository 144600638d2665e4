/** What can be done about one difference between two recordings of a request. */
import type { Difference } from "../difference.ts";
import { type Pair, randomPairs } from "../random.ts";

/**
 * `recognised`: needs no rule, or has one. `bind`, `ignore`: the rule that mends it. `beyond`: no rule does.
 * `pairs` are the values that stand for each other from here on.
 */
export interface Verdict {
  readonly kind: "recognised" | "bind" | "ignore" | "beyond";
  readonly difference: Difference;
  readonly pairs: readonly Pair[];
}

export interface Evidence {
  /** Fields that have a `bind` rule. */
  readonly bound: readonly string[];
  /** Whether a recorded value stands anywhere else in its recording, so that it matters what it stands for. */
  isSaidAgain(value: string): boolean;
}

export function verdictOn(difference: Difference, { bound, isSaidAgain }: Evidence): Verdict {
  const { field, recorded, got } = difference;
  const verdict = (kind: Verdict["kind"], pairs: readonly Pair[] = []): Verdict => ({ kind, difference, pairs });
  if (recorded !== undefined && got !== undefined) {
    const pair: Pair = [recorded, got];
    const pairs = bound.includes(field) ? [pair] : randomPairs(recorded, got, field);
    if (pairs !== undefined) return verdict("recognised", pairs);
    if (isRuled(field) && isName(recorded) && isName(got) && isSaidAgain(recorded)) return verdict("bind", [pair]);
  }
  return verdict(isRuled(field) ? "ignore" : "beyond");
}

/** The parts that a rule can name. */
function isRuled(field: string): boolean {
  return /^(query|json)\../.test(field);
}

/** A number or a list may stand for anything; only a word can be told apart wherever it stands. */
function isName(value: string): boolean {
  return /^[^\s"[\]{},]{3,}$/.test(value) && /[A-Za-z]/.test(value) && !/^(true|false|null)$/i.test(value);
}
