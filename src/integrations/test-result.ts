/** Whether a test did what its cassette has, and if not, what to do about it. */
import { WhalesongError } from "../base/errors.ts";
import type { RecordingReport } from "../record/tape.ts";
import { formatProblem, type ReplayReport } from "../replay/report.ts";

/** What became of a cassette; nothing is known of what was let through. */
export type CassetteReport = ReplayReport | RecordingReport | undefined;

export interface TestExpectation {
  readonly cassettes: readonly string[];
  readonly allowsUnplayed: boolean;
  /** Of the test itself, if it failed: then it is no news that it did not come to everything. */
  readonly outcome?: { readonly failure: unknown } | undefined;
  /** How to record it anew, as a sentence. */
  readonly remedy: string;
}

/** What is wrong with how a cassette was played or recorded; undefined if nothing is. */
export function findTestFailure(report: CassetteReport, standard: TestExpectation): unknown {
  if (report === undefined) return undefined;
  return "missed" in report ? findDeviation(report, standard) : report.problem;
}

function findDeviation(report: ReplayReport, standard: TestExpectation): WhalesongError | undefined {
  const { cassettes, allowsUnplayed, outcome, remedy } = standard;
  const unplayed = allowsUnplayed || outcome !== undefined ? [] : report.unplayed;
  const faults = [...report.differing, ...report.problems.map(formatProblem)];
  const counts = [
    formatCount(report.missed, "missed"),
    formatCount(faults, "at fault"),
    formatCount(unplayed, "never asked for"),
  ];
  if (counts.flat().length === 0) return undefined;
  const message = [
    `what was asked of Docker is not what ${cassettes.map((path) => `\`${path}\``).join(", ")} has: ${counts.flat().join(", ")}`,
    ...report.missed.map((miss) => `\n${miss.message}`),
    ...faults.map((fault) => `\n${fault}`),
    ...formatUnplayed(unplayed, report.stalled),
    `\n${remedy}`,
    "[WHALESONG_NOT_AS_RECORDED]  whalesong help WHALESONG_NOT_AS_RECORDED",
  ].join("\n");
  return new WhalesongError("WHALESONG_NOT_AS_RECORDED", message, { cause: outcome?.failure, fields: { report } });
}

function formatCount(items: readonly unknown[], what: string): readonly string[] {
  return items.length === 0 ? [] : [`${items.length} ${what}`];
}

function formatUnplayed(unplayed: readonly string[], stalled: readonly string[]): readonly string[] {
  if (unplayed.length === 0) return [];
  const lines = [...unplayed, ...stalled].map((line) => `  ${line}`);
  return ["\nNever asked for (`allowsUnplayed: true` would allow it):", ...lines];
}
