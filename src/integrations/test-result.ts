/** Compares what a test did with its cassette. */
import { WhalesongError } from "../base/errors.ts";
import type { RecordingReport } from "../record/tape.ts";
import { formatProblem, type ReplayReport } from "../replay/report.ts";

/** The report of an ejected cassette; undefined in passthrough. */
export type CassetteReport = ReplayReport | RecordingReport | undefined;

/** How the test itself failed. A failed test may leave out recorded requests. */
export interface TestOutcome {
  readonly failure: unknown;
  /** Whether the test's runner prints the failure by itself, so that what it says need not be said again. @default false */
  readonly isShown?: boolean;
}

export interface TestExpectation {
  readonly cassettes: readonly string[];
  readonly allowsUnplayed: boolean;
  readonly outcome?: TestOutcome | undefined;
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
    ...listUnshown(report, outcome).map((message) => `\n${message}`),
    ...faults.map((fault) => `\n${fault}`),
    ...formatUnplayed(unplayed, report.stalled),
    `\n${remedy}`,
    "[WHALESONG_NOT_AS_RECORDED]  whalesong help WHALESONG_NOT_AS_RECORDED",
  ].join("\n");
  const cause = outcome?.isShown === true ? undefined : outcome?.failure;
  return new WhalesongError("WHALESONG_NOT_AS_RECORDED", message, { cause, fields: { report } });
}

/** The misses that the test's own failure does not print already: clients put the daemon's message into their errors. */
function listUnshown({ missed }: ReplayReport, outcome: TestOutcome | undefined): readonly string[] {
  const { message = "" } = (outcome?.isShown === true ? outcome.failure : {}) as { readonly message?: unknown };
  return missed.map((miss) => miss.message).filter((miss) => !String(message).includes(miss));
}

function formatCount(items: readonly unknown[], what: string): readonly string[] {
  return items.length === 0 ? [] : [`${items.length} ${what}`];
}

function formatUnplayed(unplayed: readonly string[], stalled: readonly string[]): readonly string[] {
  if (unplayed.length === 0) return [];
  const lines = [...unplayed, ...stalled].map((line) => `  ${line}`);
  return ["\nRecorded, but not requested (`allowsUnplayed: true` allows this):", ...lines];
}
