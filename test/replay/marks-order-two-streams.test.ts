import { describe, expect, test } from "vitest";
import {
  encodeChunkedAnswer,
  encodeTextChunk,
  encodeTextFrame,
  LAST_CHUNK,
  NO_CONTENT,
  RAW_STREAM,
  request,
  UPGRADED,
  upgradeRequest,
} from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { Theatre } from "../playbook/theatre.ts";

const lines = (events: readonly string[]): string => events.map((event) => `  - ${event}\n`).join("");
const attached = (...events: readonly string[]): string => `---
request: POST /v1.41/containers/web/attach?stream=1
response:
  status: 101 UPGRADED
  headers: {Content-Type: ${RAW_STREAM}}
stream:
${lines(events)}`;
const waited = (...events: readonly string[]): string => `---
request: POST /v1.41/containers/web/wait
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
${lines(events)}`;
const RESULT = waited("until: said", 'jsonl: {"StatusCode":0}');
const EXIT = [encodeTextChunk('{"StatusCode":0}\n'), LAST_CHUNK];

async function attaches(theatre: Theatre): Promise<Peer> {
  const client = theatre.client();
  await client.sends(upgradeRequest("POST /v1.41/containers/web/attach?stream=1"));
  await client.hears(UPGRADED);
  return client;
}

async function waits(theatre: Theatre): Promise<Peer> {
  const client = theatre.client();
  await client.sends(request("POST /v1.41/containers/web/wait"));
  await client.hears(encodeChunkedAnswer("200 OK"));
  return client;
}

describe("a wait's result", () => {
  test("comes after the output, and 20 ms later", async () => {
    const theatre = new Theatre(attached('stdin: "go\\n"', 'stdout: "bye"', "mark: said", "eof: daemon") + RESULT);
    const [wait, attach] = [await waits(theatre), await attaches(theatre)];
    await wait.hearsNothing();
    await attach.sends("go\n");
    await attach.hears(encodeTextFrame("stdout", "bye"));
    await attach.hearsEnd();
    await theatre.passes(19);
    await wait.hearsNothing();
    await theatre.passes(1);
    await wait.hears(...EXIT);
  });

  test("comes later on a machine that is busy, where the client is late as well", async () => {
    const theatre = new Theatre(attached('stdout: "bye"', "mark: said", "cut") + RESULT);
    const [wait, attach] = [await waits(theatre), await attaches(theatre)];
    await attach.hears(encodeTextFrame("stdout", "bye"));
    await theatre.passes(20 + 6);
    await wait.hearsNothing();
    await theatre.passes(20 + 5);
    await wait.hears(...EXIT);
  });

  test.each([
    [3, 60],
    [500, 200],
  ])("comes later where %s processes want each core", async (load, ms) => {
    const theatre = new Theatre(attached('stdout: "bye"', "mark: said", "cut") + RESULT);
    theatre.clock.load = load;
    const [wait, attach] = [await waits(theatre), await attaches(theatre)];
    await attach.hears(encodeTextFrame("stdout", "bye"));
    await theatre.passes(ms - 1);
    await wait.hearsNothing();
    await theatre.passes(1);
    await wait.hears(...EXIT);
  });

  test("comes after ten delays on a machine that is busy all the time", async () => {
    const theatre = new Theatre(attached('stdout: "bye"', "mark: said", "cut") + RESULT);
    const [wait, attach] = [await waits(theatre), await attaches(theatre)];
    await attach.hears(encodeTextFrame("stdout", "bye"));
    await theatre.passes(100);
    await wait.hearsNothing();
    await theatre.passes(100);
    await wait.hears(...EXIT);
  });

  test("does not wait long if the client has read the output already", async () => {
    const theatre = new Theatre(attached('stdout: "bye"', "mark: said", "cut") + RESULT);
    const attach = await attaches(theatre);
    await attach.hears(encodeTextFrame("stdout", "bye"));
    const wait = await waits(theatre);
    await theatre.passes(20);
    await wait.hears(...EXIT);
  });

  test.each<[string, (attach: Peer) => Promise<void>, string]>([
    ["is left", (attach) => attach.breaksOff(), 'stdin: "go\\n"'],
    ["hears something else than was recorded", (attach) => attach.sends("no!\n"), 'stdin: "go\\n"'],
    ["breaks off before", async () => undefined, "reset"],
    ["ends before", async () => undefined, "eof: daemon"],
  ])("comes though the stream with the output %s", async (_, ends, event) => {
    const theatre = new Theatre(attached(event, 'stdout: "bye"', "mark: said", "eof: daemon") + RESULT);
    const [wait, attach] = [await waits(theatre), await attaches(theatre)];
    await ends(attach);
    await theatre.passes(20);
    await wait.hears(...EXIT);
  });

  test("that never comes is reported as a stall, until the client has left", async () => {
    const theatre = new Theatre(attached("mark: said", "eof: daemon") + RESULT);
    const wait = await waits(theatre);
    await wait.hearsNothing();
    expect(theatre.report.stalled).toEqual([expect.stringContaining("/wait waits for `said`")]);
    await wait.breaksOff();
    expect(theatre.report.stalled).toEqual([]);
  });
});

describe("a signal", () => {
  const kill = (name = "kill"): string =>
    `---\nname: ${name}\nrequest: POST /v1.41/containers/web/kill?signal=INT\nresponse: 204 No Content\n`;

  async function kills(theatre: Theatre, signal = "INT"): Promise<string> {
    const client = theatre.client();
    await client.sends(request(`POST /v1.41/containers/web/kill?signal=${signal}`));
    return client.hearsUpTo("\r\n\r\n");
  }

  test("that was recorded once may come twice", async () => {
    const theatre = new Theatre(kill());
    for (let time = 0; time < 3; time += 1) expect(await kills(theatre)).toBe(NO_CONTENT);
    expect(theatre.report).toMatchObject({ missed: [], unplayed: [] });
  });

  test("that was recorded twice may come once: nothing waits for the other, and it is not missing", async () => {
    const theatre = new Theatre(attached("cue: kill", 'stdout: "bye"', "eof: daemon") + kill() + kill("kill-2"));
    const attach = await attaches(theatre);
    await attach.hearsNothing();
    await kills(theatre);
    await attach.hears(encodeTextFrame("stdout", "bye"));
    await attach.hearsEnd();
    expect(theatre.report).toMatchObject({ missed: [], unplayed: [], stalled: [] });
  });

  test("that never came is missing, as often as it was recorded", async () => {
    const theatre = new Theatre(kill() + kill("kill-2"));
    expect(theatre.report.unplayed).toHaveLength(2);
  });

  test.each(["KILL", "SIGKILL", "9"])("is a change like any other if it is %s", async (signal) => {
    const theatre = new Theatre(kill().replace("INT", signal) + kill("kill-2").replace("INT", signal));
    await kills(theatre, signal);
    expect(theatre.report.unplayed).toHaveLength(1);
    await kills(theatre, signal);
    expect(await kills(theatre, signal)).toMatch(/^HTTP\/1\.1 501 /);
  });

  test("is not another one", async () => {
    expect(await kills(new Theatre(kill()), "TERM")).toMatch(/^HTTP\/1\.1 501 /);
  });
});
