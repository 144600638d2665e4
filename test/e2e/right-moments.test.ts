/**
 * The kinds of wrong answers that a replay could give, each recorded from a real daemon and replayed many times, while
 * all cores are busy, by clients that are slow at random. `REPLAYS=50` for the long form, `ROWS=regex` for some rows.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EngineName, isMissing, withDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { MOMENT_CASES } from "./moments/cases.ts";
import type { MomentCase } from "./moments/moment-case.ts";
import { ORDER_CASES } from "./moments/order-cases.ts";
import { SlowDocker } from "./moments/slow-docker.ts";
import { startWhalesong } from "./whalesong.ts";

const REPLAYS = Number(process.env.REPLAYS ?? 4);
const AT_ONCE = 12;
const ENGINES: readonly EngineName[] = ["20.10", "28"];

const titleOf = ({ kind, does }: MomentCase): string => `${kind}: ${does}`;
const ALL_CASES = [...MOMENT_CASES, ...ORDER_CASES];
const CASES = ALL_CASES.filter((one) => new RegExp(process.env.ROWS ?? "").test(titleOf(one)));

const folder = folderForAll();
const seen = new Map<string, unknown>();
const idlers: ChildProcess[] = [];

const keyOf = (engine: EngineName, one: MomentCase): string => `${engine}-${ALL_CASES.indexOf(one)}`;
const cassetteOf = (engine: EngineName, one: MomentCase): string => join(folder, `${keyOf(engine, one)}.yaml`);

beforeAll(async () => {
  for (const engine of ENGINES) {
    await withDaemon(engine, async ({ url }) => {
      for (const one of CASES) seen.set(keyOf(engine, one), await record(engine, one, url).catch(String));
    });
  }
  for (let core = 0; core < availableParallelism(); core += 1) {
    idlers.push(spawn(process.execPath, ["-e", "for (;;);"]));
  }
});

afterAll(() => {
  for (const idler of idlers) idler.kill("SIGKILL");
});

async function record(engine: EngineName, one: MomentCase, upstream: string): Promise<unknown> {
  const whalesong = await startWhalesong("record", cassetteOf(engine, one), "--upstream", upstream);
  try {
    return await one.see(new SlowDocker({ socket: whalesong.socket }));
  } finally {
    await whalesong.stop();
  }
}

/** What each of the replays has seen, in their order, and what the replayer says of them. */
async function replay(
  engine: EngineName,
  one: MomentCase,
): Promise<readonly [seen: readonly unknown[], report: object]> {
  const whalesong = await startWhalesong("replay", cassetteOf(engine, one), "--report", "json");
  const results: unknown[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < REPLAYS) {
      const number = next++;
      const docker = new SlowDocker({ socket: whalesong.socket, replay: number + 1 });
      results[number] = await one.see(docker).catch((error: unknown) => `replay ${number}: ${error}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const { stderr } = await whalesong.stop();
  const { missed, problems, presets } = JSON.parse(stderr.trim().split("\n").at(-1) ?? "");
  return [results, { missed: missed.length, problems, presets }];
}

const missing = ENGINES.filter(isMissing);
test.skipIf(missing.length > 0)("no engine is missing", () => expect(missing).toEqual([]));

describe.each(ENGINES.filter((engine) => !missing.includes(engine)))("Engine %s", (engine) => {
  // Clients dawdle most of the time.
  test.concurrent.each(CASES.map((one) => ({ title: titleOf(one), one })))("$title", async ({ one }) => {
    const live = seen.get(keyOf(engine, one));
    expect(live).not.toEqual(expect.stringContaining("Error"));
    const [results, report] = await replay(engine, one);
    expect(results).toEqual(results.map(() => live));
    const presets = one.presets ?? expect.anything();
    expect(report).toEqual({ missed: (one.misses ?? 0) * REPLAYS, problems: [], presets });
  });
});
