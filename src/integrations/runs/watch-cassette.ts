import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { CassetteReport } from "../test-result.ts";
import { isJournalOpen, reportUse } from "./run-journal.ts";

export interface WatchOptions {
  /** Whether the test may leave out recorded exchanges; if not, they are in its failure. */
  readonly allowsUnplayed: boolean;
}

/**
 * Looks at a cassette before a test uses it.
 * @returns a function that tells the run's reporter, if there is one, what became of the cassette
 */
export function watchCassette(path: string, { allowsUnplayed }: WatchOptions): (report: CassetteReport) => void {
  if (!isJournalOpen()) return () => undefined;
  const before = digestFile(path);
  return (report) => {
    const unplayed = report !== undefined && "unplayed" in report && allowsUnplayed ? report.unplayed : [];
    reportUse({ path, outcome: toOutcome(before, digestFile(path)), unplayed });
  };
}

function toOutcome(before: string | undefined, after: string | undefined): "written" | "updated" | "used" {
  if (after === undefined || before === after) return "used";
  return before === undefined ? "written" : "updated";
}

function digestFile(path: string): string | undefined {
  return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : undefined;
}
