/** What nock recorded of a real daemon is imported, and replays the same on every road. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import nock from "nock";
import { afterEach, beforeAll, expect, test } from "vitest";
import { importBusybox, startPrivateDaemon } from "../../scripts/private-daemon.js";
import { importFile } from "../../src/integrations/import-file.ts";
import { replayCassettes } from "../../src/modes/replay.ts";
import { NOWHERE, ROADS } from "../integrations/library-transports.ts";
import { folderForAll } from "./folder.ts";

const folder = folderForAll();
const [fixture, cassette] = [join(folder, "web.json"), join(folder, "web.yaml")];
let heard: readonly unknown[];
let leave: () => void = () => undefined;

beforeAll(async () => {
  const daemon = await startPrivateDaemon();
  try {
    await importBusybox(daemon.url, "busybox:latest");
    nock.recorder.rec({ dont_print: true, output_objects: true });
    heard = await session(daemon.url.slice("unix://".length));
    writeFileSync(fixture, JSON.stringify(nock.recorder.play(), null, 2));
  } finally {
    nock.restore();
    nock.recorder.clear();
    await daemon.stop();
  }
});

afterEach(() => leave());

test("all of it is taken over", async () => {
  expect(heard).toContainEqual({ StatusCode: 3, Error: null });
  expect(await importFile(fixture, cassette)).toMatchObject({
    exchanges: 11,
    skipped: [],
    dropped: 0,
    problem: undefined,
  });
});

test("it replays the same over a socket", async () => {
  const running = await replayCassettes({ cassettes: [cassette] });
  expect(await session(running.url.slice("unix://".length))).toEqual(heard);
  expect(await running.stop()).toMatchObject({ played: 11, missed: [], unplayed: [], problems: [] });
});

test.each(["msw", "nock"] as const)("and over %s", async (library) => {
  const road = ROADS[library](cassette);
  leave = road.leave;
  expect(await session(NOWHERE)).toEqual(heard);
  road.docker.done();
});

/** One request after the other; nothing that leaves HTTP. */
async function session(socketPath: string): Promise<readonly unknown[]> {
  const docker = new Docker({ socketPath });
  const Cmd = ["sh", "-c", "echo out; exit 3"];
  const heardNow: unknown[] = [String(await docker.ping()), (await docker.version()).ApiVersion];
  const container = await docker.createContainer({ name: "web", Image: "busybox", Cmd });
  heardNow.push((await container.inspect()).State.Status);
  await container.start();
  heardNow.push(await container.wait(), (await container.inspect()).State.Status);
  heardNow.push((await container.logs({ stdout: true, stderr: true })).toString("latin1"));
  const archive = await container.getArchive({ path: "/etc/passwd" });
  heardNow.push(
    Buffer.concat(await (archive as NodeJS.ReadableStream & { toArray(): Promise<Buffer[]> }).toArray()).length,
  );
  await container.remove();
  heardNow.push(await container.inspect().catch(({ statusCode }) => statusCode));
  return heardNow;
}
