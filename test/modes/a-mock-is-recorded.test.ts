/** `--upstream mock`, and what `mockDocker()` gave in its place. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { expect, onTestFinished, test } from "vitest";
import { useCassette } from "../../src/integrations/use-cassette.ts";
import { type MockDocker, type MockOptions, mockDocker } from "../../src/modes/mock-docker.ts";
import { record } from "../../src/modes/record.ts";
import { replayCassettes } from "../../src/modes/replay.ts";
import { runWhalesong } from "../e2e/whalesong.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

const NOW = "2026-11-20T12:00:00Z";
const STATE: MockOptions = { containers: [{ name: "web", image: "nginx" }], now: new Date(NOW) };

async function startMock(): Promise<MockDocker> {
  const docker = await mockDocker(STATE);
  onTestFinished(() => docker.stop());
  return docker;
}

async function listNames(url: string): Promise<unknown> {
  const client = new Docker({ socketPath: url.replace("unix://", "") });
  return (await client.listContainers()).map(({ Names }) => Names);
}

test("a program records it without an address", async () => {
  const cassette = join(createTemporaryFolder(), "mock.yaml");
  const recorder = await record({ cassette, upstream: await startMock() });
  expect(await listNames(recorder.url)).toEqual([["/web"]]);
  expect((await recorder.stop()).problem).toBeUndefined();
  const replay = await replayCassettes({ cassettes: [cassette] });
  onTestFinished(async () => void (await replay.stop()));
  expect(await listNames(replay.url)).toEqual([["/web"]]);
});

test("a cassette that is recorded again names the daemon that it is recorded from now", async () => {
  const cassette = join(createTemporaryFolder(), "mock.yaml");
  for (const engine of ["20.10", "28"] as const) {
    const docker = await mockDocker({ ...STATE, engine });
    const recorder = await record({ cassette, upstream: docker });
    await listNames(recorder.url);
    await recorder.stop();
    await docker.stop();
  }
  const text = readFileSync(cassette, "utf8");
  expect(text).toMatch(/from: "mock of Docker Engine 28\.[^"]*, API 1\.51, linux"/);
  expect(text).toMatch(/^every-response:.*Api-Version: "1\.51"/m);
  expect(text).not.toContain("20.10");
  expect(text).not.toMatch(/^ {2}head:/m);
});

test("so does a test, once", async () => {
  const path = join(createTemporaryFolder(), "mock.yaml");
  const docker = await startMock();
  const work = async (): Promise<unknown> => listNames("/var/run/docker.sock");
  expect(await useCassette(path, { mode: "once", upstream: docker }, work)).toEqual([["/web"]]);
  docker.calls.expect("ContainerList", { times: 1 });
  expect(await useCassette(path, { mode: "once", upstream: docker }, work)).toEqual([["/web"]]);
  docker.calls.expect("ContainerList", { times: 1 });
});

async function createContainer(url: string, Image: string): Promise<string> {
  const client = new Docker({ socketPath: url.replace("unix://", "") });
  return (await client.createContainer({ Image })).id;
}

test("a test that appends replays what is recorded, and records the rest from a mock of another seed", async () => {
  const path = join(createTemporaryFolder(), "mock.yaml");
  const run = async (seed: string, ...images: readonly string[]): Promise<readonly string[]> => {
    const docker = await mockDocker({ seed });
    onTestFinished(() => docker.stop());
    const ids = await useCassette(path, { mode: "append", upstream: docker }, async () => {
      const created: string[] = [];
      for (const image of images) created.push(await createContainer("/var/run/docker.sock", image));
      return created;
    });
    docker.calls.expect("ContainerCreate", { times: 1 });
    return ids;
  };
  const [recorded] = await run("first", "busybox");
  const [replayed, appended] = await run("second", "busybox", "hello-world");
  expect(replayed).toBe(recorded);
  expect(appended).not.toBe(recorded);
  expect(readFileSync(path, "utf8")).toContain(appended);
});

test.each([
  [{}, false],
  [{ seed: "whalesong" }, true],
])("a mock behind a replay with %j gives a new container the id of the recorded one: %s", async (options, isSame) => {
  const cassette = join(createTemporaryFolder(), "mock.yaml");
  const recorder = await record({ cassette, upstream: await startMock() });
  const recorded = await createContainer(recorder.url, "busybox");
  await recorder.stop();
  const replay = await replayCassettes({ cassettes: [cassette], onMiss: { mock: STATE }, ...options });
  onTestFinished(async () => void (await replay.stop()));
  expect((await createContainer(replay.url, "hello-world")) === recorded).toBe(isSame);
});

/** Asks for the daemon's id at DOCKER_HOST. */
const CLIENT = `
const { request } = await import("node:http");
const socketPath = process.env.DOCKER_HOST.replace("unix://", "");
const asked = request({ socketPath, path: "/v1.41/info" }, async (answer) => {
  let text = "";
  for await (const piece of answer) text += piece;
  console.log(JSON.parse(text).ID, JSON.parse(text).SystemTime);
});
asked.end();
`;
const COMMAND = ["--", process.execPath, "--input-type=module", "-e", CLIENT];

// In CI `run` records only where a mode is named.
test.each([["record"], ["run", "--mode", "once"]])("`%s --upstream mock` needs no Docker", async (verb, ...mode) => {
  const cassette = join(createTemporaryFolder(), "mock.yaml");
  const recorded = await runWhalesong(
    verb,
    cassette,
    ...mode,
    "--upstream",
    "mock",
    "--now",
    NOW,
    "--seed",
    "one",
    ...COMMAND,
  );
  expect(recorded).toMatchObject({ status: 0, stdout: expect.stringMatching(/^(\w{4}:){11}\w{4} 2026-11-20T12:/) });
  expect(readFileSync(cassette, "utf8")).toContain("request: GET /v1.41/info");
  const again = await runWhalesong("replay", cassette, ...COMMAND);
  expect(again).toMatchObject({ status: 0, stdout: recorded.stdout });
});

test("what it is to have must be understood", async () => {
  const cassette = join(createTemporaryFolder(), "mock.yaml");
  const { status, stderr } = await runWhalesong("record", cassette, "--upstream", "mock", "--now", "soon", ...COMMAND);
  expect(status).toBe(2);
  expect(stderr).toContain("--now must be a time like");
});
