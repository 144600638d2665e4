/** Compares what a test did with its cassette. */
import { WhalesongError } from "../base/errors.ts";
import type { RecordingReport } from "../record/tape.ts";
import { formatProblem, type ReplayReport } from "../replay/report.ts";

/** The report of an ejected cassette; undefined in passthrough. */
export type CassetteReport = ReplayReport | RecordingReport | undefined;

export interface TestExpectation {
  readonly cassettes: readonly string[];
  readonly allowsUnplayed: boolean;
  /** The failure of the test itself. A failed test may leave out recorded requests. */
  readonly outcome?: { readonly failure: unknown } | undefined;
  /** How to record the cassette again, as a sentence. */
  readonly remedy: string;
}

/** The error of a replay or recording; undefined if there is none. */
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
    formatCount(faults, "faulty"),
    formatCount(unplayed, "not requested"),
  ];
  if (counts.flat().length === 0) return undefined;
  const message = [
    `the requests to Docker differ from ${cassettes.map((path) => `\`${path}\``).join(", ")}: ${counts.flat().join(", ")}`,
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
  return ["\nRecorded, but not requested (`allowsUnplayed: true` allows this):", ...lines];
}
