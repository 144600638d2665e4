/** What became of the cassettes of a run of tests, as runners tell it of snapshots. */
import { rmSync } from "node:fs";
import { formatCount } from "../../base/format-count.ts";
import { removeSidecars } from "../../io/disk/orphaned-sidecars.ts";
import { toTypedPath } from "../../io/typed-path.ts";
import { findObsolete, type TestFileRun } from "./find-obsolete.ts";
import type { CassetteUse } from "./run-journal.ts";

const LISTED = 10;

export interface RunUpdate {
  /** Whether the runner was started with its update flag, which removes obsolete cassettes. */
  readonly isUpdating: boolean;
  /** The words that do so, for the hint; unset where the runner has no such flag. */
  readonly updateCommand?: string;
}

export interface RunSummary {
  readonly written: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
  readonly obsolete: readonly string[];
  /** `cassettes/run.yaml:14  GET /info` */
  readonly unused: readonly string[];
  /** What to do with obsolete ones. */
  readonly remedy: string;
}

/** Finds obsolete cassettes, and removes those of renamed tests if the run updates. Paths are as they are typed. */
export function summarizeRun(
  runs: readonly TestFileRun[],
  uses: readonly CassetteUse[],
  { isUpdating, updateCommand }: RunUpdate,
): RunSummary {
  const { ofRenamedTests, ofRemovedFiles } = findObsolete(runs, new Set(uses.map(({ path }) => path)));
  if (isUpdating) for (const path of ofRenamedTests) removeCassette(path);
  const select = (outcome: CassetteUse["outcome"]): readonly string[] =>
    uses.filter((use) => use.outcome === outcome).map(({ path }) => toTypedPath(path));
  return {
    written: listOnce(select("written")),
    updated: listOnce(select("updated")),
    removed: listOnce(isUpdating ? ofRenamedTests.map(toTypedPath) : []),
    obsolete: listOnce([...(isUpdating ? [] : ofRenamedTests), ...ofRemovedFiles].map(toTypedPath)),
    unused: listOnce(uses.flatMap(formatUnplayed)),
    remedy:
      updateCommand === undefined
        ? "no test is for the obsolete ones: remove them"
        : `no test is for the obsolete ones; \`${updateCommand}\` removes those of files whose tests all pass`,
  };
}

/** With the path as it is typed. */
function formatUnplayed({ path, unplayed }: CassetteUse): readonly string[] {
  return unplayed.map((line) => (line.startsWith(path) ? `${toTypedPath(path)}${line.slice(path.length)}` : line));
}

function removeCassette(path: string): void {
  rmSync(path, { force: true });
  removeSidecars(path);
}

function listOnce(items: readonly string[]): readonly string[] {
  return [...new Set(items)].sort();
}

/** The lines of a summary; none if there is nothing to tell. */
export function formatRunSummary(summary: RunSummary): readonly string[] {
  const { written, updated, removed, obsolete, unused, remedy } = summary;
  const kinds = Object.entries({ written, updated, removed, obsolete, unused }).filter(([, items]) => items.length > 0);
  if (kinds.length === 0) return [];
  const counts = kinds.map(([kind, { length }]) =>
    kind === "unused" ? `${formatCount(length, "exchange")} unused` : `${length} ${kind}`,
  );
  return [
    `  Cassettes  ${counts.join(", ")}`,
    ...kinds.flatMap(([kind, items]) => formatItems(kind, items)),
    ...(obsolete.length > 0 ? [`             ${remedy}`] : []),
  ];
}

function formatItems(kind: string, items: readonly string[]): readonly string[] {
  const shown = items.slice(0, LISTED).map((item) => `   ${kind.padStart(8)}  ${item}`);
  return items.length > LISTED ? [...shown, `   ${kind.padStart(8)}  and ${items.length - LISTED} more`] : shown;
}

/**
 * Whether obsolete cassettes fail the run: the option, else WHALESONG_OBSOLETE=fail.
 * @param failsOnObsolete the option of the runner's configuration
 */
export function failsRun({ obsolete }: RunSummary, failsOnObsolete: boolean | undefined): boolean {
  return obsolete.length > 0 && (failsOnObsolete ?? process.env.WHALESONG_OBSOLETE === "fail");
}
