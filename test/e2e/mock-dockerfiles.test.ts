/**
 * The table of Dockerfiles against the simulated engine: the clients of Engine 28.5 print what they print of the real one,
 * but for times, ids and sizes, and end with the same status. What they print of the real one is data
 * (builds/live-answers), which is checked against the real engine where it is at hand. WRITE_LIVE_ANSWERS=1 writes it anew.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DOCKERFILE_ROWS, type DockerfileRow } from "./builds/dockerfile-rows.ts";
import { readLiveAnswer, writeLiveAnswer } from "./builds/live-answers.ts";
import { runDockerfileRow } from "./builds/run-dockerfile-row.ts";
import { isMissing, type PrivateDaemon, startDaemon } from "./engines.ts";
import { folderForAll } from "./folder.ts";
import { startWhalesong, type Whalesong } from "./whalesong.ts";

const pattern = new RegExp(process.env.ROWS ?? "");
const writes = process.env.WRITE_LIVE_ANSWERS === "1";
const folder = folderForAll();
const rows = DOCKERFILE_ROWS.map((row) => ({ row, title: `${row.topic}: ${row.name}` })).filter(({ title }) =>
  pattern.test(title),
);

/** Those that were run beside the real engine's, until their test asks for them. */
const early = new Map<DockerfileRow, Promise<string>>();
let mock: Whalesong | undefined;

beforeAll(async () => {
  if (!isMissing("28")) mock = await startWhalesong("mock", "--engine", "28");
});

afterAll(async () => {
  const { stderr = "" } = (await mock?.stop()) ?? {};
  expect(stderr).not.toMatch(/whalesong's mock failed|Error:/);
});

describe.skipIf(isMissing("28"))("Engine 28 answers as it is written", () => {
  let daemon: PrivateDaemon;
  beforeAll(async () => {
    daemon = await startDaemon("28");
  });
  afterAll(() => daemon.stop());

  test.each(rows)("$title", async ({ row }) => {
    const simulated = writes ? undefined : runSimulated(row);
    if (simulated !== undefined) early.set(row, simulated);
    const isOver = simulated?.catch(() => undefined);
    const answer = await runDockerfileRow(row, join(folder, "live"), daemon.url);
    await isOver;
    if (writes) writeLiveAnswer(row, answer);
    expect(answer).toBe(readLiveAnswer(row));
  });
});

describe.skipIf(isMissing("28"))("the simulated engine answers the same", () => {
  test.each(rows)("$title", async ({ row }) => {
    const answer = early.get(row) ?? runSimulated(row);
    early.delete(row);
    expect(await answer).toBe(readLiveAnswer(row));
  });
});

function runSimulated(row: DockerfileRow): Promise<string> {
  return runDockerfileRow(row, join(folder, "simulated"), mock?.url ?? "");
}
