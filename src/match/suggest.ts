/**
 * Suggests the rules that make two recordings of one session equal. The second recording is compared with the first as a
 * replay would do it. Each difference gets a rule, and the comparison is made anew, until no further rule helps.
 */
import type { Rules } from "../cassette/model.ts";
import { toDottedField } from "./rules/dotted-field.ts";
import { withRules } from "./rules/header-rules.ts";
import type { DifferenceVerdict } from "./suggest/classify-difference.ts";
import { compareRecordings, type RecordingComparison, type RequestFinding } from "./suggest/compare-recordings.ts";
import type { ComparedRecording } from "./suggest/compared-request.ts";

export type { DifferenceVerdict } from "./suggest/classify-difference.ts";
export type { RequestFinding } from "./suggest/compare-recordings.ts";
export type { ComparedRecording, ComparedRequest } from "./suggest/compared-request.ts";

export interface RuleSuggestion {
  /** The first cassette's own rules, and those that it needs beside them. */
  readonly rules: Rules;
  /** For each new rule, the first difference that it resolves. */
  readonly reasons: readonly RuleReason[];
  /** The comparison under all rules. */
  readonly comparison: RecordingComparison;
}

export interface RuleReason {
  readonly finding: RequestFinding;
  readonly verdict: DifferenceVerdict;
}

export async function suggestRules(first: ComparedRecording, second: ComparedRecording): Promise<RuleSuggestion> {
  const reasons: RuleReason[] = [];
  let rules = toDottedRules(first.cassette.header.rules);
  for (;;) {
    const comparison = await compareRecordings(first, second, rules);
    const newReasons = selectReasons(comparison.findings);
    if (newReasons.length === 0) return { rules, reasons, comparison };
    reasons.push(...newReasons);
    rules = newReasons.reduce(withRule, rules);
  }
}

function toDottedRules({ ignore, bind, ...others }: Rules): Rules {
  const fields = Object.entries(bind).map(([name, field]) => [name, toDottedField(field)]);
  return { ...others, ignore: ignore.map(toDottedField), bind: Object.fromEntries(fields) };
}

/** The requests that a replay would miss in spite of all rules. */
export function findUnresolved({ findings }: RecordingComparison): readonly RequestFinding[] {
  return findings.filter(
    ({ counterpart, verdicts, isContradictory }) =>
      counterpart === undefined || isContradictory || verdicts.some(({ kind }) => kind === "beyond"),
  );
}

/** One reason for each field that needs a rule. `bind` comes before `ignore`, where any request needs that. */
function selectReasons(findings: readonly RequestFinding[]): readonly RuleReason[] {
  const all = findings.flatMap((finding) => finding.verdicts.map((verdict) => ({ finding, verdict })));
  const byField = new Map<string, RuleReason>();
  for (const kind of ["bind", "ignore"]) {
    for (const reason of all.filter(({ verdict }) => verdict.kind === kind)) {
      const { field } = reason.verdict.difference;
      if (!byField.has(field)) byField.set(field, reason);
    }
  }
  return [...byField.values()];
}

function withRule(rules: Rules, { verdict: { kind, difference } }: RuleReason): Rules {
  const { field } = difference;
  return withRules(rules, kind === "ignore" ? { ignore: [field] } : { bind: [field] });
}
