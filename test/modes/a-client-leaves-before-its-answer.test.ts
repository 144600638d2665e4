/** A client whose time limit is shorter than the daemon's answer leaves in the replay, too, and the change goes on. */
import { readFileSync } from "node:fs";
import { createServer, request, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { record } from "../../src/modes/record.ts";
import { replayCassettes } from "../../src/modes/replay.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

const LATE_MS = 400;
const LIMIT_MS = 100;

/** A daemon that takes its time for every change, and shows what it has finished. */
async function startSlowDaemon(path: string): Promise<void> {
  let finished = 0;
  const answerLate = async (response: ServerResponse): Promise<void> => {
    await sleep(LATE_MS);
    finished += 1;
    response.writeHead(200, { "Content-Type": "application/json" }).end('{"done":true}\n');
  };
  const server: Server = createServer((incoming, response) => {
    incoming.resume();
    if (incoming.method === "POST") void answerLate(response);
    else response.writeHead(200, { "Content-Type": "application/json" }).end(`{"finished":${finished}}\n`);
  });
  // As in Go's server, a client that has closed its half may still read.
  Object.assign(server, { httpAllowHalfOpen: true });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
}

/** The body, or `left` if the client's limit came first. */
function send(url: string, line: string, limitMs = 5000): Promise<string> {
  const [method, path] = line.split(" ");
  return new Promise((resolve) => {
    const socketPath = url.slice("unix://".length);
    const sent = request({ socketPath, method, path, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve(text.trim())).on("error", () => resolve("left"));
    });
    sent.on("error", () => resolve("left"));
    sent.end();
    setTimeout(() => sent.destroy(), limitMs).unref();
  });
}

async function recordSession(
  session: (url: string) => Promise<readonly string[]>,
): Promise<[string, readonly string[]]> {
  const folder = createTemporaryFolder();
  const socket = join(folder, "daemon.sock");
  await startSlowDaemon(socket);
  const cassette = join(folder, "left.yaml");
  const recorder = await record({ cassette, upstream: `unix://${socket}` });
  const heard = await session(recorder.url);
  await recorder.stop();
  return [cassette, heard];
}

async function replay(cassette: string, session: (url: string) => Promise<readonly string[]>): Promise<unknown> {
  const replayed = await replayCassettes({ cassettes: [cassette] });
  const heard = await session(replayed.url);
  const { missed, unplayed, stalled } = await replayed.stop();
  return { heard, missed, unplayed, stalled };
}

const GOOD = { missed: [], unplayed: [], stalled: [] };

describe.each([
  "POST /v1.41/containers/web/stop?t=2",
  "POST /v1.41/containers/web/wait",
  "POST /v1.41/images/create?fromImage=busybox&tag=latest",
])("%s", (line) => {
  const read = "GET /v1.41/info";

  test("a client that left before the answer leaves in the replay, and sees the change end afterwards", async () => {
    const session = async (url: string): Promise<string[]> => {
      const left = await send(url, line, LIMIT_MS);
      const during = await send(url, read);
      await sleep(LATE_MS * 2);
      return [left, during, await send(url, read)];
    };
    const [cassette, heard] = await recordSession(session);
    expect(heard).toEqual(["left", '{"finished":0}', '{"finished":1}']);
    expect(readFileSync(cassette, "utf8")).toMatch(/\n {2}left: true\n/);
    expect(await replay(cassette, session)).toEqual({ heard, ...GOOD });
  });

  test("a client that stays gets the answer at once", async () => {
    const session = async (url: string): Promise<string[]> => [await send(url, line), await send(url, read)];
    const [cassette, heard] = await recordSession(session);
    expect(heard).toEqual(['{"done":true}', '{"finished":1}']);
    expect(readFileSync(cassette, "utf8")).not.toContain("left:");
    expect(await replay(cassette, session)).toEqual({ heard, ...GOOD });
  });
});
