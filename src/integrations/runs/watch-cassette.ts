import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { CassetteReport } from "../test-result.ts";
import { isJournalOpen, reportUse } from "./run-journal.ts";
import { isInTestRunner, tellOfNewCassette } from "./tell-of-recording.ts";

export interface WatchOptions {
  /** Whether the test may leave out recorded exchanges; if not, they are in its failure. */
  readonly allowsUnplayed: boolean;
  /** Whether the cassette may be written. */
  readonly isRecording: boolean;
}

/**
 * Looks at a cassette before a test uses it.
 * @returns a function that tells the run's reporter what became of the cassette; without one, tells stderr of a new one
 */
export function watchCassette(path: string, options: WatchOptions): (report: CassetteReport) => void {
  const { allowsUnplayed, isRecording } = options;
  if (!isJournalOpen()) return isRecording && isInTestRunner(process.env) ? watchForNew(path) : () => undefined;
  const before = digestFile(path);
  return (report) => {
    const unplayed = report !== undefined && "unplayed" in report && allowsUnplayed ? report.unplayed : [];
    reportUse({ path, outcome: toOutcome(before, digestFile(path)), unplayed });
  };
}

function watchForNew(path: string): () => void {
  const isNew = !existsSync(path);
  return () => {
    if (isNew && existsSync(path)) tellOfNewCassette(path);
  };
}

function toOutcome(before: string | undefined, after: string | undefined): "written" | "updated" | "used" {
  if (after === undefined || before === after) return "used";
  return before === undefined ? "written" : "updated";
}

function digestFile(path: string): string | undefined {
  return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : undefined;
}
