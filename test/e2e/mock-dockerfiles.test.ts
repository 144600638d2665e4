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

describe.skipIf(isMissing("28"))("Engine 28 answers as it is written", () => {
  let daemon: PrivateDaemon;
  beforeAll(async () => {
    daemon = await startDaemon("28");
  });
  afterAll(() => daemon.stop());

  test.each(rows)("$title", async ({ row }) => {
    const answer = await runRow(row, daemon.url);
    if (writes) writeLiveAnswer(row, answer);
    expect(answer).toBe(readLiveAnswer(row));
  });
});

describe.skipIf(isMissing("28"))("the simulated engine answers the same", () => {
  let mock: Whalesong;
  beforeAll(async () => {
    mock = await startWhalesong("mock", "--engine", "28");
  });
  afterAll(async () => {
    const { stderr } = await mock.stop();
    expect(stderr).not.toMatch(/whalesong's mock failed|Error:/);
  });

  test.each(rows)("$title", async ({ row }) => {
    expect(await runRow(row, mock.url)).toBe(readLiveAnswer(row));
  });
});

function runRow(row: DockerfileRow, url: string): Promise<string> {
  return runDockerfileRow(row, join(folder, "desk"), url);
}
