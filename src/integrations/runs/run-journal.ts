/**
 * How the tests of a run tell what they did with their cassettes: a reporter in the runner's own process opens a folder
 * and names it in the environment, each process with tests writes a line there for each cassette that it ejects.
 */
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { createTemporaryFolder } from "../../io/disk/create-folder.ts";

const VARIABLE = "WHALESONG_RUN_JOURNAL";

/** What one test did with one cassette. */
export interface CassetteUse {
  /** Absolute. */
  readonly path: string;
  /** `used` is all that changed nothing: a replay, and a recording that was thrown away or is the same. */
  readonly outcome: "written" | "updated" | "used";
  /** Recorded exchanges that a test left out, as it may: `cassettes/run.yaml:14  GET /info`. */
  readonly unplayed: readonly string[];
  /** What `stampFile` says of the file behind it. */
  readonly stamp: string | undefined;
}

/** A test that its own process tells of: not each runner says which file a test is of. */
export interface DeclaredTest {
  /** Absolute. */
  readonly file: string;
  /** Unset when it is declared. Behind its end, its names. */
  readonly passed?: readonly string[];
}

/** Which version of a file is there: its time and size; undefined if there is none. */
export function stampFile(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.mtimeMs}:${stats.size}`;
}

/** Whether a reporter of this run reads what `reportUse` writes. */
export function isJournalOpen(): boolean {
  return (process.env[VARIABLE] ?? "") !== "";
}

interface JournalLine {
  readonly use?: CassetteUse;
  readonly test?: DeclaredTest;
}

/** Tells the run's reporter, if there is one. */
export function reportUse(use: Omit<CassetteUse, "stamp">): void {
  if (!isJournalOpen()) return;
  const path = resolve(use.path);
  writeLine({ use: { ...use, path, stamp: stampFile(path) } });
}

/** The same for tests. */
export function reportTest(test: DeclaredTest): void {
  if (isJournalOpen()) writeLine({ test });
}

function writeLine(entry: JournalLine): void {
  const folder = process.env[VARIABLE] ?? "";
  const line = JSON.stringify(entry);
  try {
    appendFileSync(join(folder, `${process.pid}.jsonl`), `${line}\n`);
  } catch {
    // The reporter may have ended before this process. A test must not fail because of a summary.
  }
}

/** The reporter's side. */
export class RunJournal {
  readonly #folder: string = createTemporaryFolder("run");

  /** Processes that are started from now on write into it. */
  constructor() {
    process.env[VARIABLE] = this.#folder;
    process.once("exit", () => rmSync(this.#folder, { recursive: true, force: true }));
  }

  /** What was written since the last call. */
  take(): { readonly uses: readonly CassetteUse[]; readonly tests: readonly DeclaredTest[] } {
    const files = readdirSync(this.#folder).map((name) => join(this.#folder, name));
    const lines = files.flatMap((file) => readFileSync(file, "utf8").split("\n").slice(0, -1));
    for (const file of files) rmSync(file, { force: true });
    const entries = lines.map((line) => JSON.parse(line) as JournalLine);
    return { uses: entries.flatMap(({ use }) => use ?? []), tests: entries.flatMap(({ test }) => test ?? []) };
  }
}
