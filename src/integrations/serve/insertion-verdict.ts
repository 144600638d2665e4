/** What came of a cassette that was inserted over the control door: as JSON for programs, with a text for people. */
import { toErrorMessage } from "../../base/error-message.ts";
import type { RecordingReport } from "../../record/write/tape.ts";
import type { ReplayReport } from "../../replay/report.ts";
import { type CassetteReport, findTestFailure } from "../test-result.ts";

/** The answer to `DELETE /_whalesong/cassettes/ID`. */
export interface InsertionVerdict {
  readonly mode: string;
  readonly cassette: string | undefined;
  /** Whether the test did what is recorded, or the recording is whole. */
  readonly ok: boolean;
  /** Why not, for people; empty if it is. */
  readonly message: string;
  /** Exchanges on the cassette. */
  readonly exchanges: number;
  /** How many of them were played. */
  readonly played: number;
  /** Whether a recording became the cassette. */
  readonly saved: boolean;
  /** Requests that no recorded exchange answered. */
  readonly missed: readonly { readonly method: string; readonly target: string }[];
  readonly unplayed: readonly string[];
  readonly stalled: readonly string[];
  readonly differing: readonly string[];
  readonly problems: readonly string[];
  /** Faults for which no request came, and why: `faults.yaml:4  no request matched ...`. */
  readonly unusedFaults: readonly string[];
  /** Rules in the cassette's header that matched nothing: ``run.yaml:2:10  `ignore: query.t` matched nothing: ...``. */
  readonly unusedRules: readonly string[];
}

/** What is judged, and by what measure. */
export interface JudgedInsertion {
  readonly mode: string;
  readonly cassette: string | undefined;
  readonly allowUnplayed: boolean;
  readonly unusedFaults: readonly string[];
  /** Whether they fail a test that has not failed itself. */
  readonly failOnUnusedFaults: boolean;
  /** What lets requests out, in the words of the caller. */
  readonly unplayedOption: string;
  /** The command that records it anew. */
  readonly recordCommand: string | undefined;
  /** Whether the test itself failed: then it may leave out recorded requests. */
  readonly failed: boolean;
}

const NOTHING = {
  exchanges: 0,
  played: 0,
  saved: false,
  missed: [],
  unplayed: [],
  stalled: [],
  differing: [],
  unusedRules: [],
} as const;

export function createVerdict(report: CassetteReport, judged: JudgedInsertion): InsertionVerdict {
  const { mode, cassette, allowUnplayed, unusedFaults, failed, recordCommand, unplayedOption } = judged;
  const failure = findTestFailure(report, {
    cassettes: cassette === undefined ? [] : [cassette],
    allowsUnplayed: allowUnplayed,
    unplayedOption,
    outcome: failed ? { failure: undefined } : undefined,
    remedy: formatRemedy(recordCommand),
  });
  const messages = [...(failure === undefined ? [] : [toErrorMessage(failure)]), ...formatUnusedFaults(judged)];
  return {
    mode,
    cassette,
    ok: messages.length === 0,
    message: messages.join("\n\n"),
    unusedFaults,
    ...(report === undefined ? { ...NOTHING, problems: [] } : toCounts(report)),
  };
}

/** The unused faults of a replay. */
export function listUnusedFaults(report: CassetteReport): readonly string[] {
  return report !== undefined && "missed" in report ? (report.unusedFaults ?? []) : [];
}

function formatUnusedFaults({ unusedFaults, failOnUnusedFaults, failed }: JudgedInsertion): readonly string[] {
  if (!failOnUnusedFaults || failed || unusedFaults.length === 0) return [];
  return [["faults that were never applied:", ...unusedFaults.map((fault) => `  ${fault}`)].join("\n")];
}

function formatRemedy(command: string | undefined): string {
  return command === undefined
    ? "To record it again, run the test in the mode `record` (WHALESONG_MODE=record) with a daemon."
    : `To record it again, with a daemon: ${command}`;
}

type VerdictCounts = Omit<InsertionVerdict, "mode" | "cassette" | "ok" | "message" | "unusedFaults">;

function toCounts(report: ReplayReport | RecordingReport): VerdictCounts {
  return "missed" in report ? toReplayCounts(report) : toRecordingCounts(report);
}

function toReplayCounts({ exchanges, played, missed, unplayed, stalled, ...rest }: ReplayReport): VerdictCounts {
  const { differing, problems, unusedRules = [] } = rest;
  return {
    ...{ exchanges, played, saved: false, unplayed, stalled, differing, unusedRules },
    missed: missed.map(({ method, target }) => ({ method, target })),
    problems: problems.map(toErrorMessage),
  };
}

function toRecordingCounts({ exchanges, isKept, problem }: RecordingReport): VerdictCounts {
  return { ...NOTHING, exchanges, saved: isKept, problems: problem === undefined ? [] : [toErrorMessage(problem)] };
}
