/**
 * Which rules make two recordings of one session equal. The second is rehearsed against the first, as a replay would
 * be; what stands in the way gets a rule, and it is rehearsed anew until no further rule helps.
 */
import type { Rules } from "../cassette/model.ts";
import { dotted } from "./field.ts";
import { withRules } from "./rules/header-rules.ts";
import { type Finding, type Rehearsal, rehearse } from "./suggest/rehearse.ts";
import type { Side } from "./suggest/side.ts";
import type { Verdict } from "./suggest/verdict.ts";

export type { Finding } from "./suggest/rehearse.ts";
export type { Line, Side } from "./suggest/side.ts";
export type { Verdict } from "./suggest/verdict.ts";

export interface Suggestion {
  /** The first cassette's own rules, and those that it needs beside them. */
  readonly rules: Rules;
  /** What each of the new rules is for: the first difference that it mends. */
  readonly mended: readonly Reason[];
  /** What is left when all rules hold. */
  readonly rehearsal: Rehearsal;
}

export interface Reason {
  readonly finding: Finding;
  readonly verdict: Verdict;
}

export async function suggestRules(first: Side, second: Side): Promise<Suggestion> {
  const mended: Reason[] = [];
  let rules = inDots(first.cassette.header.rules);
  for (;;) {
    const rehearsal = await rehearse(first, second, rules);
    const reasons = reasonsIn(rehearsal.findings);
    if (reasons.length === 0) return { rules, mended, rehearsal };
    mended.push(...reasons);
    rules = reasons.reduce(withRule, rules);
  }
}

function inDots({ ignore, bind, ...others }: Rules): Rules {
  const fields = Object.entries(bind).map(([name, field]) => [name, dotted(field)]);
  return { ...others, ignore: ignore.map(dotted), bind: Object.fromEntries(fields) };
}

/** What a replay would miss in spite of all rules. */
export function unmended({ findings }: Rehearsal): readonly Finding[] {
  return findings.filter(
    ({ counterpart, verdicts, isContradictory }) =>
      counterpart === undefined || isContradictory || verdicts.some(({ kind }) => kind === "beyond"),
  );
}

/** The differences that call for a rule, one for each field: to bind it, where any of them needs that. */
function reasonsIn(findings: readonly Finding[]): readonly Reason[] {
  const all = findings.flatMap((finding) => finding.verdicts.map((verdict) => ({ finding, verdict })));
  const wanted = ["bind", "ignore"].flatMap((kind) => all.filter(({ verdict }) => verdict.kind === kind));
  const byField = new Map<string, Reason>();
  for (const reason of wanted) {
    const { field } = reason.verdict.difference;
    if (!byField.has(field)) byField.set(field, reason);
  }
  return [...byField.values()];
}

function withRule(rules: Rules, { verdict: { kind, difference } }: Reason): Rules {
  const { field } = difference;
  return withRules(rules, kind === "ignore" ? { ignore: [field] } : { bind: [field] });
}
