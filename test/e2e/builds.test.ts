/**
 * Builds by BuildKit, recorded from real engines and replayed without one: same exit status, same lines but for times,
 * same image ids, same files. A changed context is refused by name. No secret is in any file.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUILD_ROWS, type BuildChange, type BuildRow } from "./builds/build-rows.ts";
import { findLeaks } from "./builds/canaries.ts";
import { nearDaemon, withGuardedRegistry } from "./builds/guarded-registry.ts";
import { type BuildStage, layOutContexts, type PrintedBuild, runBuild } from "./builds/run-build.ts";
import { isMissing, type PrivateDaemon, withDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { startWhalesong } from "./whalesong.ts";

/** Replays of each row: CI has little time; `REPLAYS=100` finds what happens seldom. */
const REPLAYS = Number(process.env.REPLAYS ?? 2);

const ASKED_FOR = ["login: 127.0.0.1:5001", "login: 127.0.0.1:5002", "secret: file", "secret: env"];

const folder = folderForAll();
const recorded = new Map<BuildRow, PrintedBuild>();
const pattern = new RegExp(process.env.ROWS ?? "");
const rows = BUILD_ROWS.filter((row) => pattern.test(titleOf(row)) && !isMissing(row.engine));
const seconds: string[] = [];

beforeAll(async () => {
  for (const engine of ["20.10", "28"] as const) {
    const own = rows.filter((row) => row.engine === engine);
    if (own.length > 0) await withDaemon(engine, (daemon) => recordRows(own, daemon));
  }
});

afterAll(() => console.log(["builds, live and replayed, in seconds:", ...seconds].join("\n")));

describe.each(rows.map((row) => ({ title: titleOf(row), row })))("$title", ({ row }) => {
  test("is recorded", () => {
    const { status, printed, recorder } = recordingOf(row);
    expect({ status, recorder }, printed).toEqual({ status: row.status ?? 0, recorder: 0 });
  });

  test.each(Array.from({ length: REPLAYS }, (_, turn) => turn))("is replayed, time %i", async () => {
    const live = recordingOf(row);
    layOutContexts(stageOf(row).folder);
    const replayed = await replay(row);
    expect(replayed.lines, replayed.printed).toEqual(live.lines);
    expect({ status: replayed.status, ids: replayed.ids, tree: replayed.tree }).toEqual({
      status: live.status,
      ids: live.ids,
      tree: live.tree,
    });
    expect(replayed.report).toMatchObject({ missed: [], stalled: [], differing: [], problems: [] });
    seconds.push(`  ${live.seconds.toFixed(1)}  ${replayed.seconds.toFixed(1)}  ${titleOf(row)}`);
  });

  test.each((row.changes ?? []).map((change) => ({ title: describeChange(change), change })))(
    "$title",
    async ({ change }) => {
      layOutContexts(stageOf(row).folder);
      const { status, printed } = await replay(row, change);
      expect({ status }, printed).toEqual({ status: change.prints === undefined ? 0 : 1 });
      if (change.prints !== undefined) expect(printed).toMatch(change.prints);
    },
  );
});

test.runIf(rows.length > 0)("no secret is in any file", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.startsWith("cassettes/"),
  );
  expect(files.length).toBeGreaterThan(rows.length);
  const leaks = files
    .map((path) => ({ path, leaks: findLeaksOf(join(folder, path)) }))
    .filter(({ leaks }) => leaks.length > 0);
  expect(leaks).toEqual([]);
});

/** Else the test above finds nothing because nothing was asked for. */
test.each(rows.filter(({ isGuarded }) => isGuarded).map((row) => ({ title: titleOf(row), row })))(
  "$title: the daemon asked for each secret",
  ({ row }) => {
    const text = readFileSync(cassetteOf(row), "utf8");
    const requests = [...text.matchAll(/^ {2}- ((?:secret|login): \S+)/gm)].map(([, one]) => one?.replaceAll('"', ""));
    expect(requests).toEqual(expect.arrayContaining(ASKED_FOR));
  },
);

function describeChange({ by, line, prints }: BuildChange): string {
  const change = by ?? line;
  return prints === undefined ? `replays after \`${change}\`` : `refuses after \`${change}\`, naming ${prints}`;
}

function findLeaksOf(path: string): string[] {
  return statSync(path).isFile() ? findLeaks(readFileSync(path)) : [];
}

async function recordRows(own: readonly BuildRow[], daemon: PrivateDaemon): Promise<void> {
  for (const row of own.filter(({ isGuarded }) => isGuarded !== true)) await recordRow(row, daemon);
  const guarded = own.filter(({ isGuarded }) => isGuarded);
  if (guarded.length === 0) return;
  await withGuardedRegistry(daemon, async () => {
    for (const row of guarded) await recordRow(row, daemon, nearDaemon(daemon));
  });
}

async function recordRow(row: BuildRow, daemon: PrivateDaemon, under: readonly string[] = []): Promise<void> {
  rmSync(stageOf(row).folder, { recursive: true, force: true });
  layOutContexts(stageOf(row).folder);
  mkdirSync(join(folder, "cassettes"), { recursive: true });
  const recorder = await startWhalesong("record", cassetteOf(row), "--upstream", daemon.url);
  const live = await runBuild(row.line, stageOf(row), recorder.url, under);
  const { status } = await recorder.stop();
  recorded.set(row, { ...live, recorder: status });
}

async function replay(row: BuildRow, { by = ":", line = row.line }: BuildChange = {}): Promise<PrintedBuild> {
  const player = await startWhalesong("replay", cassetteOf(row), "--report", "json");
  const played = await runBuild(`${by}\n${line}`, stageOf(row), player.url);
  const { stderr } = await player.stop();
  return { ...played, report: JSON.parse(stderr.trim().split("\n").at(-1) ?? "") };
}

function recordingOf(row: BuildRow): PrintedBuild {
  const recording = recorded.get(row);
  if (recording === undefined) throw new Error(`${titleOf(row)} was not recorded`);
  return recording;
}

function stageOf({ client }: BuildRow): BuildStage {
  return { folder: join(folder, "desk"), client };
}

function cassetteOf(row: BuildRow): string {
  return join(folder, "cassettes", `${BUILD_ROWS.indexOf(row)}.yaml`);
}

function titleOf({ client, engine, builds }: BuildRow): string {
  return `Engine ${engine}, ${client} builds ${builds}`;
}
