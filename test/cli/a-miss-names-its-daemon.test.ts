/** What records a missing request asks the daemon that the rest was recorded from. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { createTemporaryFolder } from "../io/temporary.ts";
import { clientWords } from "./client-words.ts";
import { runInProcess } from "./run-in-process.ts";

const MOCK = ["--upstream", "mock"];
const REAL = `whalesong: 1
recorded: {at: "2026-11-20", by: whalesong, from: "Docker Engine 28.5.2, API 1.51, linux"}
---
request: GET /version
response: 204 No Content
`;

beforeEach(() => void vi.stubEnv("CI", ""));

function createPath(text?: string): string {
  const path = join(createTemporaryFolder(), "web.yaml");
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

async function recordMock(): Promise<string> {
  const cassette = createPath();
  expect(await runInProcess("record", cassette, ...MOCK, ...clientWords("/version"))).toMatchObject({ status: 0 });
  return cassette;
}

async function readMiss(verb: "run" | "replay", cassette: string, ...flags: readonly string[]): Promise<string> {
  const { stderr } = await runInProcess(verb, cassette, ...flags, "--report", "json", ...clientWords("/info"));
  return JSON.parse(stderr).missed[0].message;
}

test.each(["run", "replay"] as const)("%s: the mock, if it was recorded from the mock", async (verb) => {
  const cassette = await recordMock();
  expect(await readMiss(verb, cassette)).toContain(`whalesong run --mode append --upstream mock ${cassette} -- sh -c`);
});

test("a daemon that is named, with the state of a simulated one", async () => {
  const cassette = createPath(REAL);
  const flags = ["--now", "2026-11-20T12:00:00Z", "--seed", "two"];
  expect(await readMiss("run", cassette, ...MOCK, ...flags)).toContain(
    `whalesong run --mode append --upstream mock --now 2026-11-20T12:00:00Z --seed two ${cassette} --`,
  );
  expect(await readMiss("run", cassette, "--upstream", "tcp://far:2375", "--seed", "two")).toContain(
    `whalesong run --mode append --upstream tcp://far:2375 ${cassette} --`,
  );
});

test("none, if it was recorded from a real one", async () => {
  const cassette = createPath(REAL);
  expect(await readMiss("run", cassette)).toContain(`whalesong run --mode append ${cassette} --`);
});
