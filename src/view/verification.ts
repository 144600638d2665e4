/** The report of a verification: for people, as JSON, and as JUnit for a CI. */
import { formatCount } from "../base/format-count.ts";
import { escapeToLine } from "../base/printable.ts";
import type { CassetteEntry, CassetteWalk } from "../cassette/read.ts";
import { type DriftGrade, findWorstGrade, type GradedDifference, isAtLeast } from "../compare/grade-differences.ts";
import { createStyles, isColourful } from "./colour.ts";
import { formatJunit } from "./junit.ts";
import { shortenAround } from "./shorten-around.ts";

const SHOWN_INFOS = 20;

/** What came of a verification, as far as it is printed. */
export interface VerificationResult {
  readonly path: string;
  readonly cassette: CassetteWalk;
  readonly verified: readonly { readonly entry: CassetteEntry; readonly differences: readonly GradedDifference[] }[];
  readonly skipped: readonly { readonly entry: CassetteEntry; readonly skippedBecause?: string }[];
  readonly left: readonly string[];
  /** The least grade at which the verification fails. */
  readonly failOn: DriftGrade;
}

export function hasFailed({ verified, failOn }: Pick<VerificationResult, "verified" | "failOn">): boolean {
  const worst = findWorstGrade(listGrades(verified));
  return worst !== undefined && isAtLeast(worst, failOn);
}

function listGrades(verified: VerificationResult["verified"]): readonly DriftGrade[] {
  return verified.flatMap(({ differences }) => differences.map(({ grade }) => grade));
}

/** A line for each exchange that drifted, a line below it for each field; the sum comes last. */
export function formatVerification(result: VerificationResult): string {
  const { dim, red, yellow } = createStyles(isColourful(process.stderr.isTTY === true));
  const paint = { info: dim, warn: yellow, error: red };
  let infos = 0;
  const lines = result.verified.flatMap(({ entry, differences }) => {
    const shown = differences.filter(({ grade }) => grade !== "info" || ++infos <= SHOWN_INFOS);
    if (shown.length === 0) return [];
    const fields = shown.map((one) => `    ${paint[one.grade](one.grade.padEnd(5))}  ${formatDifference(one)}`);
    return [`${formatRequest(entry)}  ${dim(`${result.path}:${entry.line}`)}`, ...fields];
  });
  const more = infos > SHOWN_INFOS ? [`    and ${infos - SHOWN_INFOS} more of info: --report json has all`] : [];
  return `${[...lines, ...more, ...formatSkipped(result), ...formatLeft(result), formatSum(result)].join("\n")}\n`;
}

function formatDifference({ what, field, recorded, got }: GradedDifference): string {
  const [was, is] = shortenAround(spell(recorded), spell(got));
  return `${what}  ${escapeToLine(field)}  ${was} -> ${is}`;
}

function spell(value: unknown): string {
  return value === undefined ? "nothing" : escapeToLine(JSON.stringify(value) ?? "");
}

function formatRequest({ method, target }: CassetteEntry): string {
  return escapeToLine(`${method} ${target.replace(/[0-9a-f]{64}/g, (id) => id.slice(0, 12))}`);
}

function formatSkipped({ skipped }: VerificationResult): readonly string[] {
  const counts = new Map<string, number>();
  for (const { skippedBecause = "" } of skipped) counts.set(skippedBecause, (counts.get(skippedBecause) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `not sent: ${formatCount(count, "request")}, because ${reason}`);
}

function formatLeft({ left }: VerificationResult): readonly string[] {
  return left.map((path) => `could not be removed: ${path}`);
}

function formatSum(result: VerificationResult): string {
  const { verified, path } = result;
  const grades = listGrades(verified);
  const counts = (["error", "warn", "info"] as const).map(
    (grade) => `${grades.filter((each) => each === grade).length} ${grade}`,
  );
  const isGone = verified.some(({ differences }) =>
    differences.some(({ what, got }) => what === "status changed" && got === 404),
  );
  const hint = isGone ? " (a 404: does the daemon have what there was when the recording began?)" : "";
  const verdict = hasFailed(result) ? "drifted" : "still true";
  return `${path}: ${verdict}; ${formatCount(verified.length, "exchange")} verified: ${counts.join(", ")}${hint}`;
}

/** One JSON document. */
export function formatVerificationRecord(result: VerificationResult): string {
  const { path, verified, skipped, left } = result;
  const toRecord = ({ method, target, line }: CassetteEntry): object => ({ method, target, line });
  return `${JSON.stringify({
    cassette: path,
    hasFailed: hasFailed(result),
    worst: findWorstGrade(listGrades(verified)) ?? null,
    exchanges: verified.map(({ entry, differences }) => ({
      ...toRecord(entry),
      differences: differences.map(({ grade, what, field, recorded, got }) => ({ grade, what, field, recorded, got })),
    })),
    skipped: skipped.map(({ entry, skippedBecause }) => ({ ...toRecord(entry), because: skippedBecause })),
    left,
  })}\n`;
}

/** A test case for each exchange. */
export function formatVerificationJunit({ path, verified, skipped, failOn }: VerificationResult): string {
  const isBad = ({ grade }: GradedDifference): boolean => isAtLeast(grade, failOn);
  const toCase = (entry: CassetteEntry) => ({ className: path, name: formatRequest(entry) });
  return formatJunit("whalesong verify", [
    ...verified.map(({ entry, differences }) => ({
      ...toCase(entry),
      failures: differences.filter(isBad).map(formatDifference),
    })),
    ...skipped.map(({ entry, skippedBecause = "" }) => ({ ...toCase(entry), skippedBecause })),
  ]);
}
