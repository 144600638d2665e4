/** Playback control over a real socket and a real disk. */
import { execFile, execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { listen } from "../../src/io/listen/listen.ts";
import { connect } from "../../src/io/upstream/connect.ts";
import { parseUpstream } from "../../src/io/upstream/upstream.ts";
import { record } from "../../src/modes/record.ts";
import { replayCassettes } from "../../src/modes/replay.ts";
import { createDaemon } from "../../src/session/daemon.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { encodeJsonAnswer, encodeJsonRequest, request } from "../playbook/http.ts";
import { Peer } from "../playbook/peer.ts";

const createAnswer = (target: string, says: string): string =>
  `whalesong: 1\n---\nrequest: GET ${target}\nresponse:\n  status: 200 OK\n  json: "${says}"\n`;

function writeCassette(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function answerOf(url: string, question: Buffer): Promise<string> {
  const client = new Peer(await connect(parseUpstream(url)));
  await client.sends(question);
  await client.closesItsHalf();
  return client.hearsAll();
}

async function daemonThatCounts(folder: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const answers = createDaemon(async (call) => {
    asked.push(call.head.target);
    await call.connection.write(Buffer.from(encodeJsonAnswer("404 Not Found", '{"message":"page not found"}\n')));
    return true;
  });
  const listener = await listen(`unix://${join(folder, "daemon.sock")}`, answers);
  onTestFinished(() => listener.close());
  return { url: listener.url, asked };
}

test("cassettes are exchanged while their clients go on", async () => {
  const folder = createTemporaryFolder();
  const [one, two] = [
    writeCassette(folder, "1.yaml", createAnswer("/a", "1")),
    writeCassette(folder, "2.yaml", createAnswer("/a", "2")),
  ];
  const player = await replayCassettes({ cassettes: [one] });
  onTestFinished(async () => void (await player.stop()));
  const says = (): Promise<string> => answerOf(player.url, request("GET /a"));
  const does = (command: string, cassette: string): Promise<string> =>
    answerOf(player.url, encodeJsonRequest(`POST /_whalesong/${command}`, { cassette }));
  expect(await says()).toMatch(/"1"\n$/);
  expect(await does("insert", two)).toContain("HTTP/1.1 200 OK");
  expect(await says()).toMatch(/"1"\n$/);
  expect(await does("eject", one)).toContain('"played":1');
  expect(await says()).toMatch(/"2"\n$/);
  expect(await does("insert", join(folder, "none.yaml"))).toMatch(/^HTTP\/1\.1 400 .*"WHALESONG_NO_CASSETTE"/s);
  const pipe = join(folder, "pipe.yaml");
  execFileSync("mkfifo", [pipe]);
  expect(await does("insert", pipe)).toMatch(/^HTTP\/1\.1 400 .*it is a FIFO, only regular files are read/s);
  expect(await does("insert", writeCassette(folder, "bad.yaml", "whalesong: 1\n---\nno: request\n"))).toMatch(
    /^HTTP\/1\.1 400 /,
  );
  expect(await player.stop()).toMatchObject({ exchanges: 1, played: 1, missed: [], problems: [] });
});

test("curl can drive it", async () => {
  const player = await replayCassettes({
    cassettes: [writeCassette(createTemporaryFolder(), "1.yaml", createAnswer("/a", "1"))],
  });
  onTestFinished(async () => void (await player.stop()));
  const socket = ["--silent", "--show-error", "--unix-socket", player.url.slice("unix://".length)];
  const curl = async (...words: string[]): Promise<string> =>
    (await promisify(execFile)("curl", [...socket, ...words])).stdout;
  await curl("http://d/a");
  expect(JSON.parse(await curl("http://d/_whalesong/state"))).toMatchObject({ cassettes: [{ played: 1 }] });
  expect(JSON.parse(await curl("-X", "POST", "http://d/_whalesong/rewind"))).toMatchObject({
    cassettes: [{ played: 0 }],
  });
});

test("while something is appended nothing can be controlled, and the daemon never hears of it", async () => {
  const folder = createTemporaryFolder();
  const { url, asked } = await daemonThatCounts(folder);
  const cassette = writeCassette(folder, "1.yaml", createAnswer("/a", "1"));
  const recorder = await record({ cassette, upstream: parseUpstream(url), mode: "append" });
  expect(await answerOf(recorder.url, request("POST /_whalesong/rewind"))).toMatch(
    /^HTTP\/1\.1 404 .*cannot be controlled/s,
  );
  await recorder.stop();
  expect(asked).toEqual([]);
  expect(readFileSync(cassette, "utf8")).not.toContain("_whalesong");
});

test("a recorder passes everything on, these paths too (docs/decisions/0009)", async () => {
  const folder = createTemporaryFolder();
  const { url, asked } = await daemonThatCounts(folder);
  const recorder = await record({ cassette: join(folder, "1.yaml"), upstream: parseUpstream(url) });
  expect(await answerOf(recorder.url, request("GET /_whalesong/state"))).toContain("page not found");
  await recorder.stop();
  expect(asked).toEqual(["/_whalesong/state"]);
});
