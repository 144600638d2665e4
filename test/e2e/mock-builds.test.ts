/**
 * Builds by BuildKit against the simulated daemon: the sessions that are recorded from real engines end here with the
 * same exit status, and of some of them the client prints the same lines, but for times and digests.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { BUILD_ROWS, type BuildRow } from "./builds/build-rows.ts";
import { type BuildStage, layOutContexts, type PrintedBuild, runBuild } from "./builds/run-build.ts";
import { isMissing, withDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { startWhalesong } from "./whalesong.ts";

/** The sessions that print the same as with a real engine. */
const SAME: ReadonlySet<string> = new Set([
  "a context with an ignored file",
  "several stages and a cache mount",
  "with a secret",
  "what fails",
  "into a tar",
  "a context from stdin",
]);

/** A real engine builds all sessions, and would find steps of one in the cache of another. */
const PRUNE = "docker builder prune -af > /dev/null 2>&1";

const folder = folderForAll();
const pattern = new RegExp(process.env.ROWS ?? "");
const rows = BUILD_ROWS.filter(
  ({ isGuarded, differsBecause }) => isGuarded === undefined && differsBecause === undefined,
).filter((row) => pattern.test(titleOf(row)) && !isMissing(row.engine));
const live = new Map<BuildRow, PrintedBuild>();

beforeAll(async () => {
  for (const engine of ["20.10", "28"] as const) {
    const own = rows.filter((row) => row.engine === engine && SAME.has(row.builds));
    if (own.length === 0) continue;
    await withDaemon(engine, async ({ url }) => {
      for (const row of own) live.set(row, await runAfresh({ ...row, line: `${PRUNE}; ${row.line}` }, url));
    });
  }
});

test.each(rows.map((row) => ({ title: titleOf(row), row })))("$title", async ({ row }) => {
  const { status, printed } = await runSimulated(row);
  expect({ status }, printed).toEqual({ status: row.status ?? 0 });
});

const compared = rows.filter(({ builds }) => SAME.has(builds));
describe.runIf(compared.length > 0)("prints what a real engine's client prints", () => {
  test.each(compared.map((row) => ({ title: titleOf(row), row })))("$title", async ({ row }) => {
    const { lines, printed } = await runSimulated(row);
    expect(toComparable(lines), printed).toEqual(toComparable(live.get(row)?.lines ?? []));
  });
});

async function runSimulated(row: BuildRow): Promise<PrintedBuild> {
  const mock = await startWhalesong("mock", "--engine", row.engine);
  try {
    return await runAfresh(row, mock.url);
  } finally {
    await mock.stop();
  }
}

function runAfresh(row: BuildRow, url: string): Promise<PrintedBuild> {
  const stage: BuildStage = { folder: join(folder, "desk"), client: row.client };
  rmSync(stage.folder, { recursive: true, force: true });
  mkdirSync(stage.folder, { recursive: true });
  layOutContexts(stage.folder);
  return runBuild(row.line, stage, url);
}

/** Without digests, the times in the excerpt of a log, and the stage of a shared FROM, which 20.10 chooses by chance. */
function toComparable(lines: readonly string[]): readonly string[] {
  const plain = lines.map((line) =>
    line
      .replace(/sha256:[0-9a-f]{64}/g, "<digest>")
      .replace(/^\d+\.\d+ /, "<time> ")
      .replace(/\[\w[\w-]* \d+\/\d+\] FROM/, "FROM"),
  );
  return [...new Set(plain)].sort();
}

function titleOf({ client, engine, builds }: BuildRow): string {
  return `Engine ${engine}, ${client} builds ${builds}`;
}
