/** How the update flag of a test runner, made for snapshots, re-records cassettes. */
import { formatShellLine } from "../base/shell-words.ts";
import type { CassetteOptions } from "./insert-cassette.ts";

/** node's flag that updates snapshots, and cassettes. */
export const UPDATE_FLAG = "--test-update-snapshots";

/** A test, and how its runner was asked to update. */
export interface UpdatingTest {
  /** Whether the runner was started with its update flag. */
  readonly isUpdating: boolean;
  /** The words that run this test alone, such as `npx vitest run FILE -t NAME`. */
  readonly command: readonly string[];
}

/** The options of a test's cassette: `-u` records, unless a mode is named; a miss tells the command that records. */
export function withUpdateFlow(options: CassetteOptions, { isUpdating, command }: UpdatingTest): CassetteOptions {
  const isNamed = options.mode !== undefined || (process.env.WHALESONG_MODE ?? "") !== "";
  const recordCommand = `WHALESONG_MODE=record ${formatShellLine(command)}`;
  return { recordCommand, ...(isUpdating && !isNamed ? { mode: "record" } : {}), ...options };
}
