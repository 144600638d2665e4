/** dockerode builds by BuildKit: its context is the body of `POST /build?version=2`, and its session has an id of its own kind. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { expect, onTestFinished, test } from "vitest";
import { mockDocker } from "../../src/modes/mock-docker.ts";
import { record } from "../../src/modes/record.ts";
import { replayCassettes } from "../../src/modes/replay.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

const DOCKERFILE = "FROM busybox\nCOPY greeting.txt /\nRUN cat greeting.txt\n";

function writeContext(folder: string, greeting: string): string {
  const context = join(folder, "context");
  mkdirSync(context, { recursive: true });
  writeFileSync(join(context, "Dockerfile"), DOCKERFILE);
  writeFileSync(join(context, "greeting.txt"), greeting);
  return context;
}

async function build(url: string, context: string): Promise<readonly object[]> {
  const docker = new Docker({ socketPath: url.slice("unix://".length) });
  const source = { context, src: ["Dockerfile", "greeting.txt"] };
  const stream = await docker.buildImage(source, { t: "greeting", version: "2" });
  return new Promise((resolve, reject) => {
    // Its types lack the function that decodes what BuildKit says; times are the replay's own.
    const { followProgress } = docker as unknown as Pick<Docker["modem"], "followProgress">;
    followProgress(stream, (error, lines) => (error ? reject(error) : resolve(lines)));
  });
}

test("a build is recorded with its context, and replayed", async () => {
  const folder = createTemporaryFolder();
  const cassette = join(folder, "build.yaml");
  const docker = await mockDocker();
  const recorder = await record({ cassette, upstream: docker });
  const printed = await build(recorder.url, writeContext(folder, "hello\n"));
  expect(await recorder.stop()).toMatchObject({ dropped: 0, problem: undefined });
  await docker.stop();
  const text = readFileSync(cassette, "utf8");
  expect(text).toMatch(/^ {2}line: POST \/build\?t=greeting&version=2\n.*\n {2}# -rw-r--r-- +\d+ {2}Dockerfile\n/m);
  expect(text).toMatch(/^ +- (?:step|start|done): .*RUN cat greeting\.txt/m);

  const began = performance.now();
  const replay = await replayCassettes({ cassettes: [cassette] });
  expect(await build(replay.url, join(folder, "context"))).toEqual(printed);
  expect(await replay.stop()).toMatchObject({ missed: [], unplayed: [], stalled: [], differing: [], problems: [] });
  // It does not wait for a session that stands.
  expect(performance.now() - began).toBeLessThan(2500);

  const again = await replayCassettes({ cassettes: [cassette] });
  onTestFinished(async () => void (await again.stop()));
  const other = build(again.url, writeContext(folder, "other\n"));
  await expect(other).rejects.toThrow(/tar\.greeting\.txt {2}recorded file 644 \w+ {3}got file 644 \w+/);
});
