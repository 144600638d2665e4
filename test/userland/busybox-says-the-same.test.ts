/**
 * What `sh -c` of a real busybox 1.35 printed, complained of, and ended with, in a root of its own with an empty /tmp:
 * a line each in `busybox-1.35.jsonl`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodeFrames, MockedDaemon } from "../playbook/mocked.ts";

type Said = readonly [script: string, printed: string, complaints: string, status: number];

const SAID: readonly Said[] = readFileSync(join(import.meta.dirname, "busybox-1.35.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Said);

test.each(SAID)("sh -c %j", async (script, printed, complaints, status) => {
  const docker = new MockedDaemon();
  const id = await docker.runs(script);
  await docker.passes(200, 50);
  const { json } = await docker.asks(`GET /v1.41/containers/${id}/json`);
  const said = async (stream: string): Promise<string> =>
    decodeFrames((await docker.asks(`GET /v1.41/containers/${id}/logs?${stream}=1`)).text);
  expect([await said("stdout"), await said("stderr")]).toEqual([printed, complaints]);
  expect(json.State).toMatchObject({ Status: "exited", ExitCode: status });
  expect(docker.faults).toEqual([]);
});
