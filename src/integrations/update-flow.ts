/** How the update flag of a test runner, made for snapshots, re-records cassettes. */
import { relative } from "node:path";
import { formatShellLine } from "../base/shell-words.ts";
import type { CassetteOptions } from "./insert-cassette.ts";

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

/** The path of a test's file as it is typed. */
export function toTypedPath(file: string): string {
  return relative(process.cwd(), file);
}
