/**
 * Clients as they really behave: recorded once against a daemon, then run again without one, under names of their
 * own. No run may miss anything, stand still, exit otherwise or print anything else. The simulated daemon knows no
 * recording, and is to tell them the same.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLI_ALLOWANCES } from "./agreement/cli-allowances.ts";
import { normalizeOutputs } from "./agreement/normalize-output.ts";
import { playSession, type Said } from "./cli-player.ts";
import { type Client, clientNamed } from "./clients.ts";
import { isMissing, type PrivateDaemon, type UpstreamName, withDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { withoutDurations } from "./own-clock.ts";
import { type Run, SECOND_RUNS, type SecondRun } from "./second-runs.ts";
import { type Ending, startWhalesong } from "./whalesong.ts";

const PATIENCE_MS = 90_000;
const PROGRAMS = join(import.meta.dirname, "programs");

interface Played {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ending: Ending;
  readonly seconds: number;
}

const folder = folderForAll();
const clients = new Map<string, Promise<Client>>();
const recorded = new Map<SecondRun, Promise<Played>>();
const times: string[] = [];

beforeAll(async () => {
  for (const { client, engine } of chosenRows()) {
    if (!clients.has(client) && !isMissing(engine)) clients.set(client, clientNamed(client, folder));
  }
  // A client that cannot be had, or a recording that fails, fails the test of its own row.
  await Promise.allSettled(clients.values());
  await recordAll("20.10");
  await recordAll("28");
  await recordAll("podman");
});

/** `ROWS="Engine 28.*exec"` runs only the rows whose title it matches: a whole run takes minutes. */
function chosenRows(): readonly SecondRun[] {
  const pattern = new RegExp(process.env.ROWS ?? "");
  return SECOND_RUNS.filter((row) => pattern.test(titleOf(row)));
}

function titleOf({ engine, client, does }: SecondRun): string {
  return `${engine === "podman" ? engine : `Engine ${engine}`}, ${client}: ${does}`;
}

function recordAll(engine: UpstreamName): Promise<void> {
  return withDaemon(engine, async (daemon) => {
    for (const row of chosenRows().filter((each) => each.engine === engine)) {
      recorded.set(row, record(row, daemon));
      await Promise.allSettled([recorded.get(row)]);
    }
  });
}

afterAll(() => console.log(["live and replayed, in seconds:", ...times].join("\n")));

const rows = chosenRows().map((row) => ({ title: titleOf(row), row }));
const missing = rows.filter(({ row }) => isMissing(row.engine));
test.skipIf(missing.length > 0)("no engine is missing", () => expect(missing).toEqual([]));

describe.each(rows.filter((row) => !missing.includes(row)))("$title", ({ row }) => {
  test("is recorded", async () => {
    const { status, stdout, ending } = (await recorded.get(row)) as Played;
    expect({ status, ending: ending.status }, `${stdout}${ending.stderr}`).toEqual({ status: 0, ending: 0 });
    expect(stdout).not.toContain("[drive:");
  });

  test.each(
    runsOf(row)
      .map((_, turn) => turn)
      .slice(1),
  )("says the same when it is run again, time %i", async (turn) => {
    const live = (await recorded.get(row)) as Played;
    const replayed = await replay(row, turn);
    const { missed, stalled, differing, problems } = JSON.parse(replayed.ending.stderr.trim().split("\n").at(-1) ?? "");
    expect({ missed, stalled, differing, problems }).toEqual({ missed: [], stalled: [], differing: [], problems: [] });
    expect(replayed.stdout, replayed.stderr).toBe(live.stdout);
    expect(replayed.status).toBe(live.status);
    tellTimes(row, live, replayed);
  });

  test.skipIf(reasonToDiffer(row) !== undefined)("hears the same from the simulated daemon, but for ids", async () => {
    const live = (await recorded.get(row)) as Played;
    const simulated = await play(row, 0, [], "mock", "--ports", "--engine", row.engine);
    expect(alike(row, simulated), simulated.stderr).toEqual(alike(row, live));
  });
});

function reasonToDiffer({ engine, differsBecause }: SecondRun): string | undefined {
  return engine === "podman" ? "the simulated daemon resembles dockerd" : differsBecause;
}

function alike({ line }: SecondRun, { status, stdout }: Played): Said[] {
  return normalizeOutputs([{ line, status, stdout, stderr: "" }], CLI_ALLOWANCES);
}

function runsOf({ runs = [{}, {}, {}] }: SecondRun): readonly Run[] {
  return runs;
}

function record(row: SecondRun, daemon: PrivateDaemon): Promise<Played> {
  const near = row.isNearDaemon === true ? ["nsenter", `--net=${daemon.network}`] : [];
  return play(row, 0, near, "record", cassetteOf(row), "--upstream", daemon.url);
}

function replay(row: SecondRun, turn: number): Promise<Played> {
  return play(row, turn, [], "replay", cassetteOf(row), "--report", "json", ...(row.flags ?? []));
}

async function play(row: SecondRun, turn: number, under: readonly string[], ...words: string[]): Promise<Played> {
  const { docker = "/usr/bin/docker", plugins, env } = await (clients.get(row.client) as Promise<Client>);
  const names = namesOf(row, turn);
  const whalesong = await startWhalesong(...words);
  const stage = { folder: join(folder, "desk"), host: whalesong.url, docker, plugins, registry: "", under };
  const begin = performance.now();
  const [said] = await playSession([row.line], {
    ...stage,
    patienceMs: PATIENCE_MS,
    env: { ...env, ...names, ...runsOf(row)[turn], PROGRAMS },
  });
  const seconds = (performance.now() - begin) / 1000;
  const { status, stdout, stderr } = said as Said;
  return { status, stdout: plain(stdout, names), stderr, seconds, ending: await whalesong.stop() };
}

/** Names of one run, like none of another; the same whenever the tests are run, so that one commit has one verdict. */
function namesOf({ client, does }: SecondRun, turn: number): Record<"RUN" | "UUID" | "STAMP", string> {
  const digits = createHash("sha256").update(`${client} ${does} ${turn}`).digest("hex");
  const uuid = /(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(digits)?.slice(1) as [string, string, string, string, string];
  return {
    RUN: digits.slice(-12),
    UUID: `${uuid[0]}-${uuid[1]}-4${uuid[2]}-8${uuid[3]}-${uuid[4]}`,
    STAMP: String(Date.now()),
  };
}

function plain(stdout: string, names: Readonly<Record<string, string>>): string {
  const named = Object.entries(names).reduce((text, [name, value]) => text.replaceAll(value, `<${name}>`), stdout);
  return withoutDurations(named);
}

function tellTimes({ client, does }: SecondRun, live: Played, replayed: Played): void {
  const share = Math.round((replayed.seconds / live.seconds) * 100);
  times.push(`  ${live.seconds.toFixed(1)}  ${replayed.seconds.toFixed(1)}  (${share} %)  ${client}: ${does}`);
}

function cassetteOf(row: SecondRun): string {
  return join(folder, `${SECOND_RUNS.indexOf(row)}.yaml`);
}
