/** Back-pressure holds a download that is not read, until the cassette is ejected: it is recorded as far as it came. */
import { createServer } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import Docker from "dockerode";
import { expect, onTestFinished, test } from "vitest";
import { type CassetteOptions, insertCassette } from "../../src/integrations/insert-cassette.ts";
import type { InsertedCassette } from "../../src/integrations/inserted-cassette.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

/** More than all connections between hold. */
const IMAGE = Buffer.alloc(8 * 1024 * 1024, "whale");

async function insertDownload(path: string, options: CassetteOptions): Promise<InsertedCassette> {
  const cassette = await insertCassette(path, { intercept: [], ...options });
  onTestFinished(async () => void (await cassette.eject()));
  return cassette;
}

/** The address of a daemon that has one image. */
async function startUpstream(): Promise<string> {
  const path = join(createTemporaryFolder(), "docker.sock");
  const server = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "application/x-tar" }).end(IMAGE);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return `unix://${path}`;
}

function download({ socketPath }: InsertedCassette): Promise<NodeJS.ReadableStream> {
  return new Docker({ socketPath }).getImage("busybox").get();
}

/** The path of a cassette with half a download. */
async function recordHalf(): Promise<string> {
  const path = join(createTemporaryFolder(), "run.yaml");
  const recording = await insertDownload(path, { mode: "record", upstream: await startUpstream() });
  await download(recording);
  expect(await recording.eject()).toMatchObject({ exchanges: 1, truncated: 1, dropped: 0, problem: undefined });
  return path;
}

test("a download that was not read during the recording need not be read in the replay", async () => {
  const played = await insertDownload(await recordHalf(), { mode: "replay" });
  await download(played);
  await played.settle();
  expect(await played.eject()).toMatchObject({ exchanges: 1, played: 1, missed: [], unplayed: [] });
});

test("a client that reads it gets an error for its early end", async () => {
  const played = await insertDownload(await recordHalf(), { mode: "replay" });
  await expect(buffer(await download(played))).rejects.toMatchObject({ code: "ECONNRESET", message: "aborted" });
  const { stalled } = (await played.eject()) as { stalled: readonly string[] };
  expect(stalled).toEqual([expect.stringMatching(/busybox\/get waits for what was not recorded/)]);
});
