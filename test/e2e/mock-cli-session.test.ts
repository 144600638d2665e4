/** Two docker CLIs cannot tell the simulated daemon from the real one by how their commands end. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { type MockDocker, mockDocker } from "../../src/modes/mock-docker.ts";
import { playSession, type Said } from "./cli-player.ts";
import { CLI_SESSION } from "./cli-session.ts";
import { folderForAll } from "./folder.ts";

const clis = ["/usr/local/bin/docker", "/usr/bin/docker"].filter(existsSync);
const folder = folderForAll();
/** Images are not simulated yet: the session up to where it begins to make them. */
const LINES = CLI_SESSION.slice(
  0,
  CLI_SESSION.findIndex((line) => line.includes("docker import")),
).filter((line) => !line.startsWith("docker images"));
/** Its loser depends on which of two commands is faster. */
const RACES = ["docker attach --no-stdin ticking"];

let real: Awaited<ReturnType<typeof startPrivateDaemon>>;
let mock: MockDocker;

beforeAll(async () => {
  real = await startPrivateDaemon();
  await importBusybox(real.url, "busybox:latest");
});

afterAll(() => real.stop());

describe.each(clis)("%s", (docker) => {
  test("ends each command of the session with the real daemon's status", async () => {
    mock = await mockDocker();
    const stage = { folder: join(folder, "desk"), docker, registry: real.registry };
    const theirs = await playSession(LINES, { ...stage, host: real.url });
    const ours = await playSession(LINES, { ...stage, host: mock.url });
    await mock.stop();
    await playSession(["docker rm -f $(docker ps -aq)"], { ...stage, host: real.url });
    expect(statuses(ours)).toEqual(statuses(theirs));
  });
});

function statuses(said: readonly Said[]): (readonly [string, number | null])[] {
  return said
    .filter(({ line }) => !RACES.some((race) => line.startsWith(race)))
    .map(({ line, status }) => [line, status]);
}
