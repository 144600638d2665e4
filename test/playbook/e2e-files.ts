/** What vitest.e2e.config.ts knows of single files: which have the machine to themselves, and which go first. */
import { basename } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * These measure time or memory, load all cores, or compare what several threads of a client do at once. The others wait
 * for daemons most of the time, and so go two at a time.
 */
export const ALONE: readonly string[] = [
  "big-builds",
  "big-export",
  "cli-session",
  "crash",
  "large-cassettes",
  "right-moments",
  "stress",
  "the-page",
  "transparency",
];

/** Those that take minutes, the longest first: of two workers, neither is to be left with one of them at the end. */
export const LONGEST: readonly string[] = [
  "mock-agrees",
  "second-run",
  "kits",
  "rerecording",
  "documented-endpoints",
  "secrets-canaries",
  "mock-dockerfiles",
  "verify",
  "mock-builds",
  "builds",
  "documented-commands",
];

/** Starts the files of `LONGEST` before the others. A clone knows no durations of earlier runs. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.sort((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.indexOf(basename(moduleId, ".test.ts"));
  return rank === -1 ? LONGEST.length : rank;
}
