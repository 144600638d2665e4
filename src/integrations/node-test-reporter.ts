/** `whalesong/node-test-reporter`: tells of cassettes at the end of a run of node:test. */
import type { TestFileRun } from "./runs/find-obsolete.ts";
import { type DeclaredTest, RunJournal } from "./runs/run-journal.ts";
import { failsRun, formatRunSummary, summarizeRun } from "./runs/summarize-run.ts";
import { UPDATE_FLAG } from "./update-flow.ts";

/** The part of node:test's events that is read. */
export interface NodeTestEvent {
  readonly type: string;
  readonly data: { readonly file?: string; readonly skip?: unknown; readonly todo?: unknown };
}

/** Flags of node with which some tests do not run. */
const FILTERS = /^--test-(?:name-pattern|skip-pattern|only|shard)\b/;

// node starts the processes of the tests before it reads from its reporters.
const journal = new RunJournal();

/**
 * A reporter of node:test, for `--test-reporter`: which cassettes were written, updated, obsolete or only used in part.
 * With `--test-update-snapshots` it removes obsolete ones; with WHALESONG_OBSOLETE=fail they fail the run.
 */
// node:test calls a function of any other kind with `new`.
export async function* reportCassettes(events: AsyncIterable<NodeTestEvent>): AsyncGenerator<string> {
  const incomplete = new Set<string>();
  for await (const event of events) if (isIncomplete(event)) incomplete.add(event.data.file ?? "");
  const { uses, tests } = journal.take();
  const isUpdating = process.execArgv.includes(UPDATE_FLAG);
  const updating = hasUpdateFlag() ? { isUpdating, updateCommand: `node --test ${UPDATE_FLAG}` } : { isUpdating };
  const summary = summarizeRun(listTestFiles(tests, incomplete), uses, updating);
  const lines = formatRunSummary(summary);
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
  if (failsRun(summary, undefined)) process.exitCode = 1;
}

/** Node 20 has no snapshots. */
function hasUpdateFlag(): boolean {
  return Number.parseInt(process.versions.node, 10) >= 22;
}

function isIncomplete({ type, data: { skip, todo } }: NodeTestEvent): boolean {
  return type === "test:fail" || (type === "test:pass" && (isSet(skip) || isSet(todo)));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== false;
}

/** What the tests of each file said of themselves: node's events name the file that calls `test`, which is ours. */
function listTestFiles(tests: readonly DeclaredTest[], incomplete: ReadonlySet<string>): readonly TestFileRun[] {
  const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? "").split(" ")];
  const isFiltered = flags.some((word) => FILTERS.test(word));
  return [...new Set(tests.map(({ file }) => file))].map((file) => {
    const own = tests.filter((test) => test.file === file);
    const passed = own.flatMap((test) => (test.passed === undefined ? [] : [test.passed]));
    const isWhole = !isFiltered && !incomplete.has(file) && passed.length * 2 === own.length;
    return { file, tests: passed, isWhole };
  });
}
