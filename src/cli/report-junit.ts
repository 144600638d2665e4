/** Reports of replays and recordings as JUnit: what each promises, a test case each, with names that no run changes. */
import { toErrorMessage } from "../base/error-message.ts";
import type { RecordingReport } from "../record/write/tape.ts";
import type { ReplayReport } from "../replay/report.ts";
import { formatJunit, type JunitCase } from "../view/junit.ts";

/** What counts as a failure. */
export interface ReplayVerdict {
  readonly allowMisses: boolean;
  readonly failOnMiss: boolean;
  readonly failOnUnplayed: boolean;
  readonly failOnUnusedFaults: boolean;
}

/**
 * A deviation that does not fail the replay is a skipped test case.
 * @example
 * formatReplayJunit(report, ["web.yaml"], { allowMisses: false, failOnMiss: true, failOnUnplayed: false, failOnUnusedFaults: false });
 */
export function formatReplayJunit(
  { missed, differing, unplayed, problems, unusedFaults = [], unusedRules = [] }: ReplayReport,
  cassettes: readonly string[],
  { allowMisses, failOnMiss, failOnUnplayed, failOnUnusedFaults }: ReplayVerdict,
): string {
  const className = cassettes.join(", ");
  const failsOnMiss = failOnMiss && !allowMisses;
  const toCase = (name: string, deviations: readonly string[], isFailure: boolean): JunitCase => {
    if (deviations.length === 0) return { className, name };
    return isFailure
      ? { className, name, failures: deviations }
      : { className, name, skippedBecause: deviations.join("\n") };
  };
  return formatJunit("whalesong replay", [
    toCase(
      "every request is recorded",
      missed.map(({ message }) => message),
      failsOnMiss,
    ),
    toCase("every input is as recorded", differing, failsOnMiss),
    toCase("every recorded request is made", unplayed, failOnUnplayed),
    toCase("every fault is applied", unusedFaults, failOnUnusedFaults),
    toCase("every rule matches", unusedRules, false),
    toCase("the cassette is whole", problems.map(toErrorMessage), true),
  ]);
}

/** A recording is one test case. */
export function formatRecordingJunit({ problem }: Pick<RecordingReport, "problem">, cassette: string): string {
  const failures = problem === undefined ? [] : [toErrorMessage(problem)];
  return formatJunit("whalesong record", [{ className: cassette, name: "the recording is whole", failures }]);
}
