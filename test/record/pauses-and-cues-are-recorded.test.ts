import { describe, expect, test } from "vitest";
import {
  encodeChunkedAnswer,
  encodeJsonAnswer,
  encodeTextChunk,
  encodeTextFrame,
  LAST_CHUNK,
  NO_CONTENT,
  request,
  UPGRADED,
  upgradeRequest,
} from "../playbook/http.ts";
import { Studio } from "../playbook/studio.ts";

const ID = "3f1c0a9be2d4".padEnd(64, "0");
const EVENTS = request("GET /v1.41/events");

/** The lines of the stream of a recording of events that come after these silences. */
async function streamOf(silences: readonly number[], exactTiming = false): Promise<string[]> {
  const studio = new Studio({ exactTiming });
  const { client, daemon } = await studio.line();
  await client.sends(EVENTS);
  await daemon.hears(EVENTS);
  await daemon.sends(encodeChunkedAnswer("200 OK"));
  await client.hearsUpTo("\r\n\r\n");
  for (const [at, ms] of silences.entries()) {
    studio.clock.passes(ms);
    await daemon.sends(encodeTextChunk(`${at}\n`));
    await client.hears(encodeTextChunk(`${at}\n`));
  }
  await daemon.sends(LAST_CHUNK);
  await client.hears(LAST_CHUNK);
  return linesOf(await studio.exchanges());
}

function linesOf(cassette: string): string[] {
  return cassette
    .slice(cassette.indexOf("\nstream:\n") + "\nstream:\n".length)
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^ {2}- (jsonl: )?/, ""));
}

describe("pauses are written in steps of 1, 2 and 5, and what that takes away is added to the next", () => {
  test.each([
    { silences: [9], lines: ["0"] },
    { silences: [10], lines: ["wait: 10ms", "0"] },
    { silences: [19], lines: ["wait: 10ms", "0"] },
    { silences: [49], lines: ["wait: 20ms", "0"] },
    { silences: [999], lines: ["wait: 500ms", "0"] },
    { silences: [1000], lines: ["wait: 1s", "0"] },
    { silences: [70_000], lines: ["wait: 50s", "0"] },
    { silences: [9, 9], lines: ["0", "wait: 10ms", "1"] },
    { silences: [49, 49, 49], lines: ["wait: 20ms", "0", "wait: 50ms", "1", "wait: 50ms", "2"] },
    { silences: [999, 0, 1], lines: ["wait: 500ms", "0", "1", "wait: 500ms", "2"] },
  ])("$silences: $lines", async ({ silences, lines }) => {
    expect(await streamOf(silences)).toEqual(lines);
  });

  test("nothing is lost over a long stream", async () => {
    const lines = await streamOf(new Array<number>(200).fill(37));
    const ms = lines.flatMap((line) => /^wait: (\d+)ms$/.exec(line)?.[1] ?? []).map(Number);
    const total = ms.reduce((sum, one) => sum + one, 0);
    expect(200 * 37 - total).toBeLessThan(50);
  });

  test("exact timing keeps every millisecond", async () => {
    expect(await streamOf([9, 37, 999, 0], true)).toEqual([
      "wait: 9ms",
      "0",
      "wait: 37ms",
      "1",
      "wait: 999ms",
      "2",
      "3",
    ]);
  });
});

describe("a head", () => {
  async function headWait(ms: number): Promise<string> {
    const studio = new Studio();
    const { client, daemon } = await studio.line();
    await client.sends(request("GET /v1.41/version"));
    await daemon.hears(request("GET /v1.41/version"));
    studio.clock.passes(ms);
    await daemon.sends(encodeJsonAnswer("200 OK", "{}\n"));
    await client.hearsUpTo("{}\n");
    return (await studio.exchanges()).match(/^ {2}wait: .*$/m)?.[0] ?? "";
  }

  test.each([
    [99, ""],
    [100, "  wait: 100ms"],
    [2700, "  wait: 2s"],
  ])("that took %i ms: %j", async (ms, expected) => {
    expect(await headWait(ms)).toBe(expected);
  });
});

/** Attaches to a container, then has other requests made, between two lines of output. */
async function attachedWhile(line: string, status = NO_CONTENT): Promise<string> {
  const studio = new Studio();
  const attach = await studio.line();
  const other = await studio.line();
  await attach.client.sends(upgradeRequest(`POST /v1.41/containers/${ID}/attach?stream=1&stdout=1`));
  await attach.daemon.hearsUpTo("\r\n\r\n");
  await attach.daemon.sends(UPGRADED, encodeTextFrame("stdout", "before\n"));
  await attach.client.hears(UPGRADED, encodeTextFrame("stdout", "before\n"));
  await other.client.sends(request(line));
  await other.daemon.hearsUpTo("\r\n\r\n");
  await other.daemon.sends(status);
  await other.client.hears(status);
  await attach.daemon.sends(encodeTextFrame("stdout", "after\n"));
  await attach.client.hears(encodeTextFrame("stdout", "after\n"));
  await attach.daemon.closesItsHalf();
  return studio.exchanges();
}

describe("changes of what a stream is about are its cues", () => {
  test.each([
    { line: `POST /v1.41/containers/${ID}/start`, cue: "start" },
    { line: `POST /v1.41/containers/${ID.slice(0, 12)}/kill?signal=TERM`, cue: undefined },
    { line: `POST /v1.41/containers/${ID}/kill?signal=WINCH`, cue: undefined },
    { line: "POST /v1.41/containers/other/start", cue: undefined },
    { line: `GET /v1.41/containers/${ID}/json`, cue: undefined },
    { line: "DELETE /v1.41/images/alpine", cue: undefined },
  ])("$line: $cue", async ({ line, cue }) => {
    const cassette = await attachedWhile(line);
    const expected =
      cue === undefined
        ? ["stdout: |", "  before", "  after"]
        : ['stdout: "before\\n"', `cue: ${cue}`, 'stdout: "after\\n"'];
    const stream = linesOf(cassette.slice(0, cassette.indexOf("\n---\n")));
    expect(stream.map((text) => text.replace(/^ {4}/, "")).slice(0, 3)).toEqual(expected);
  });

  test("only what is waited for has a name", async () => {
    expect(await attachedWhile(`POST /v1.41/containers/${ID}/start`)).toContain("---\nname: start\nrequest: POST");
    expect(await attachedWhile("POST /v1.41/containers/other/start")).not.toContain("name:");
  });

  test("equal names are numbered", async () => {
    const studio = new Studio();
    const [events, other] = [await studio.line(), await studio.line()];
    await events.client.sends(EVENTS);
    await events.daemon.hears(EVENTS);
    await events.daemon.sends(encodeChunkedAnswer("200 OK"));
    for (const container of ["a", "b"]) {
      const start = request(`POST /v1.41/containers/${container}/start`);
      await other.client.sends(start);
      await other.daemon.hears(start);
      await events.daemon.sends(encodeTextChunk(`"${container}"\n`));
      await events.client.hearsUpTo(`"${container}"\n\r\n`);
      await other.daemon.sends(NO_CONTENT);
      await other.client.hears(NO_CONTENT);
    }
    await events.daemon.sends(LAST_CHUNK);
    await events.client.hears(LAST_CHUNK);
    const cassette = await studio.exchanges();
    expect(linesOf(cassette.slice(0, cassette.indexOf("\n---\n")))).toEqual([
      "cue: start",
      '"a"',
      "mark: said",
      "cue: start-2",
      '"b"',
      "mark: said-2",
    ]);
    expect(cassette.match(/^name: .*$/gm)).toEqual(["name: start", "name: start-2"]);
    expect(cassette.match(/^ {2}until: .*$/gm)).toEqual(["  until: [said]", "  until: [said-2]"]);
  });
});

test("a head that came late, after a change, is cued instead of timed (wait, before API 1.30)", async () => {
  const studio = new Studio();
  const [wait, other] = [await studio.line(), await studio.line()];
  const waiting = request(`POST /v1.29/containers/${ID}/wait`);
  const start = request(`POST /v1.29/containers/${ID}/start`);
  await wait.client.sends(waiting);
  await wait.daemon.hears(waiting);
  await other.client.sends(start);
  await other.daemon.hears(start);
  await other.daemon.sends(NO_CONTENT);
  await other.client.hears(NO_CONTENT);
  studio.clock.passes(3000);
  await wait.daemon.sends(encodeJsonAnswer("200 OK", '{"StatusCode":0}\n'));
  await wait.client.hearsUpTo("0}\n");
  const cassette = await studio.exchanges();
  expect(cassette).toContain("  cue: [start]\n");
  expect(cassette).not.toContain("wait: ");
});

test("a read that was requested during a change names the change", async () => {
  const studio = new Studio();
  const [change, read] = [await studio.line(), await studio.line()];
  const stop = request("POST /v1.41/containers/web/stop");
  const look = request("GET /v1.41/containers/web/json");
  const list = request("GET /v1.41/images/json");
  await change.client.sends(stop);
  await change.daemon.hears(stop);
  for (const line of [look, list]) {
    await read.client.sends(line);
    await read.daemon.hears(line);
    await read.daemon.sends(encodeJsonAnswer("200 OK", "{}\n"));
    await read.client.hearsUpTo("{}\n");
  }
  await change.daemon.sends(NO_CONTENT);
  await change.client.hears(NO_CONTENT);
  await read.client.sends(look);
  await read.daemon.hears(look);
  await read.daemon.sends(encodeJsonAnswer("200 OK", "{}\n"));
  await read.client.hearsUpTo("{}\n");
  const [stopped, during, unrelated, after] = (await studio.exchanges()).split("---\n").slice(1);
  expect(stopped).toMatch(/^name: stop\n/);
  expect(during).toMatch(/^during: stop\n/);
  expect(unrelated).not.toContain("during");
  expect(after).not.toContain("during");
});

test("exchanges stand in the order in which they were requested, whichever ended first", async () => {
  const studio = new Studio();
  const [slow, fast] = [await studio.line(), await studio.line()];
  await slow.client.sends(request("GET /v1.41/info"));
  await slow.daemon.hearsUpTo("\r\n\r\n");
  await fast.client.sends(request("GET /v1.41/version"));
  await fast.daemon.hearsUpTo("\r\n\r\n");
  await fast.daemon.sends(encodeJsonAnswer("200 OK", "2\n"));
  await fast.client.hearsUpTo("2\n");
  await slow.daemon.sends(encodeJsonAnswer("200 OK", "1\n"));
  await slow.client.hearsUpTo("1\n");
  expect((await studio.exchanges()).match(/^request: .*$/gm)).toEqual([
    "request: GET /v1.41/info",
    "request: GET /v1.41/version",
  ]);
});

describe("a body that breaks off came before it did", () => {
  const INFO = request("GET /v1.41/info");
  const HALF = encodeJsonAnswer("200 OK", "{}\n").slice(0, -1);

  async function heldUp(): Promise<{ studio: Studio; breaksOff: () => Promise<void> }> {
    const studio = new Studio();
    const { client, daemon } = await studio.line();
    await client.sends(INFO);
    await daemon.hears(INFO);
    await daemon.sends(HALF);
    await client.hears(HALF);
    await studio.passes(60_000);
    return { studio, breaksOff: () => daemon.breaksOff() };
  }

  test("the daemon was silent afterwards", async () => {
    const { studio, breaksOff } = await heldUp();
    await breaksOff();
    expect(linesOf(await studio.exchanges())).toEqual(['text: "{}"', "wait: 50s", "reset"]);
  });

  test("how long the recording goes on afterwards is not written", async () => {
    const { studio } = await heldUp();
    expect(linesOf(await studio.exchanges())).toEqual(['text: "{}"', "cut"]);
  });
});
