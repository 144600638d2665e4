/**
 * Streams that hang on a container while it is still open which recorded one it is. What a client has heard so far must be
 * what the other one says, too; then it hears the rest of that one.
 */
import { describe, expect, test } from "vitest";
import { encodeJsonRequest, encodeTextFrame, request, upgradeRequest } from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { Theatre } from "../playbook/theatre.ts";

const ONE = "c1".repeat(32);
const TWO = "c2".repeat(32);

const created = (id: string): string =>
  `---\nrequest:\n  line: POST /v1.41/containers/create\n  json-bare: {"Image":"x"}\nresponse:\n  status: 201 Created\n  json: {"Id":"${id}"}\n`;
const started = (id: string, name: string): string =>
  `---\nname: ${name}\nrequest: POST /v1.41/containers/${id}/start\nresponse: 204 No Content\n`;
const renamed = (id: string, name: string): string =>
  `---\nrequest: POST /v1.41/containers/${id}/rename?name=${name}\nresponse: 204 No Content\n`;
const attached = (id: string, ...events: readonly string[]): string => `---
request: POST /v1.41/containers/${id}/attach?stream=1&stdout=1
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
${events.map((event) => `  - ${event}\n`).join("")}`;
const awaited = (id: string, start: string, status: number): string => `---
request: POST /v1.41/containers/${id}/wait?condition=next-exit
response: {status: 200 OK, headers: {Content-Type: application/json}}
stream:
  - cue: ${start}
  - jsonl: {"Error":null,"StatusCode":${status}}
`;

async function makes(theatre: Theatre): Promise<string> {
  const answer = await theatre.asks(encodeJsonRequest("POST /v1.41/containers/create", { Image: "x" }));
  return /"Id":"(\w+)"/.exec(answer)?.[1] as string;
}

async function posts(theatre: Theatre, path: string): Promise<string> {
  const answer = await theatre.asks(request(`POST /v1.41/containers/${path}`));
  return answer.slice("HTTP/1.1 ".length, answer.indexOf("\r\n"));
}

async function attaches(theatre: Theatre, id: string): Promise<Peer> {
  const client = theatre.client();
  await client.sends(upgradeRequest(`POST /v1.41/containers/${id}/attach?stream=1&stdout=1`));
  await client.hearsUpTo("\r\n\r\n");
  return client;
}

async function waits(theatre: Theatre, id: string): Promise<Peer> {
  const client = theatre.client();
  await client.sends(request(`POST /v1.41/containers/${id}/wait?condition=next-exit`));
  await client.hearsUpTo("\r\n\r\n");
  return client;
}

const says = (text: string): string => encodeTextFrame("stdout", text);

describe("two containers that clients are attached to, named before they start", () => {
  const cassette = [
    created(ONE),
    created(TWO),
    attached(ONE, 'stdout: "ready"', "cue: start-one", 'stdout: "one"', "eof: daemon"),
    attached(TWO, 'stdout: "rea"', "wait: 20ms", 'stdout: "dy"', "cue: start-two", 'stdout: "two"', "eof: daemon"),
    awaited(ONE, "start-one", 1),
    awaited(TWO, "start-two", 2),
    renamed(ONE, "one"),
    renamed(TWO, "two"),
    started(ONE, "start-one"),
    started(TWO, "start-two"),
  ].join("");

  test("each client hears the container that its own turns out to be", async () => {
    const theatre = new Theatre(cassette);
    const [a, b] = [await makes(theatre), await makes(theatre)];
    const [ofA, ofB] = [await attaches(theatre, a), await attaches(theatre, b)];
    const [endOfA, endOfB] = [await waits(theatre, a), await waits(theatre, b)];
    await ofA.hears(says("ready"));
    await ofB.hears(says("rea"), says("dy"));
    expect(await posts(theatre, `${a}/rename?name=two`)).toBe("204 No Content");
    expect(await posts(theatre, `${b}/rename?name=one`)).toBe("204 No Content");
    expect(await posts(theatre, `${a}/start`)).toBe("204 No Content");
    await ofA.hears(says("two"));
    await ofA.hearsEnd();
    await endOfA.hearsUpTo('"StatusCode":2}');
    await ofB.hearsNothing();
    await endOfB.hearsNothing();
    expect(await posts(theatre, `${b}/start`)).toBe("204 No Content");
    await ofB.hears(says("one"));
    await endOfB.hearsUpTo('"StatusCode":1}');
    expect(theatre.report).toMatchObject({ missed: [], unplayed: [], problems: [] });
  });

  test("only one of them is made and attached to when that turns out", async () => {
    const theatre = new Theatre(cassette);
    const a = await makes(theatre);
    const [ofA, endOfA] = [await attaches(theatre, a), await waits(theatre, a)];
    await ofA.hears(says("ready"));
    expect(await posts(theatre, `${a}/rename?name=two`)).toBe("204 No Content");
    expect(await posts(theatre, `${a}/start`)).toBe("204 No Content");
    await ofA.hears(says("two"));
    await endOfA.hearsUpTo('"StatusCode":2}');
    const b = await makes(theatre);
    const ofB = await attaches(theatre, b);
    await ofB.hears(says("ready"));
    expect(await posts(theatre, `${b}/start`)).toBe("204 No Content");
    await ofB.hears(says("one"));
    await ofB.hearsEnd();
  });
});

describe("what a client has heard that only one of them says", () => {
  const rename = (id: string): string => `${id}/rename?name=two`;

  test.each([
    ["the output", attached(ONE, "cue: s1", 'stdout: "1"'), attached(TWO, "cue: s2", 'stdout: "2"'), true],
    [
      "nothing: the output is the same",
      attached(ONE, "cue: s1", 'stdout: "x"'),
      attached(TWO, "cue: s2", 'stdout: "x"'),
      false,
    ],
    [
      "nothing but moments and ids",
      attached(ONE, "cue: s1", `stdout: "12:00:01.5 up 17ms ${ONE.slice(0, 12)}"`),
      attached(TWO, "cue: s2", `stdout: "12:00:02.7 up 9ms ${TWO.slice(0, 12)}"`),
      false,
    ],
  ])("settles it: %s", async (_, one, two, isSettled) => {
    const theatre = new Theatre(
      [created(ONE), created(TWO), one, two, started(ONE, "s1"), started(TWO, "s2"), renamed(TWO, "two")].join(""),
    );
    const [a, b] = [await makes(theatre), await makes(theatre)];
    const [ofA] = [await attaches(theatre, a), await attaches(theatre, b)];
    await posts(theatre, `${a}/start`);
    await posts(theatre, `${b}/start`);
    await ofA.hearsAll();
    expect(await posts(theatre, rename(a))).toBe(isSettled ? "501 Not Implemented" : "204 No Content");
    if (isSettled) expect(await posts(theatre, rename(b))).toBe("204 No Content");
  });

  test("settles it: the exit code", async () => {
    const theatre = new Theatre(
      [created(ONE), created(TWO), awaited(ONE, "s1", 0), awaited(TWO, "s2", 1)].join("") +
        [started(ONE, "s1"), started(TWO, "s2"), renamed(TWO, "two")].join(""),
    );
    const [a, b] = [await makes(theatre), await makes(theatre)];
    const endOfA = await waits(theatre, a);
    await posts(theatre, `${a}/start`);
    await endOfA.hearsUpTo('"StatusCode":0}');
    expect(await posts(theatre, rename(a))).toBe("501 Not Implemented");
    expect(await posts(theatre, rename(b))).toBe("204 No Content");
  });
});

describe("what clients send into streams of two things", () => {
  const executed = (id: string, input: string): string => `---
request:
  line: POST /v1.41/exec/${id}/start
  json-bare: {"Detach":false,"Tty":false}
response:
  status: 101 UPGRADED
  headers: {Content-Type: application/vnd.docker.raw-stream}
stream:
  - stdin: "${input}\\n"
  - stdout: "got ${input}\\n"
  - eof: daemon
`;
  const prepared = (id: string): string =>
    `---\nrequest:\n  line: POST /v1.41/containers/web/exec\n  json-bare: {"Cmd":["cat"]}\nresponse:\n  status: 201 Created\n  json: {"Id":"${id}"}\n`;
  const cassette = [prepared(ONE), prepared(TWO), executed(ONE, "one"), executed(TWO, "two")].join("");

  async function runs(theatre: Theatre): Promise<Peer> {
    const answer = await theatre.asks(encodeJsonRequest("POST /v1.41/containers/web/exec", { Cmd: ["cat"] }));
    const id = /"Id":"(\w+)"/.exec(answer)?.[1];
    const client = theatre.client();
    await client.sends(upgradeRequest(`POST /v1.41/exec/${id}/start`, '{"Detach":false,"Tty":false}'));
    await client.hearsUpTo("\r\n\r\n");
    return client;
  }

  test.each([
    ["both hang", true],
    ["the other one is not made yet", false],
  ])("settle it where %s", async (_, isBoth) => {
    const theatre = new Theatre(cassette);
    const a = await runs(theatre);
    const early = isBoth ? await runs(theatre) : undefined;
    await a.sends("two\n");
    await a.hears(says("got two\n"));
    const b = early ?? (await runs(theatre));
    await b.sends("on", "e\n");
    await b.hears(says("got one\n"));
    await b.hearsEnd();
    expect(theatre.report).toMatchObject({ missed: [], unplayed: [], differing: [], problems: [] });
  });

  test("differ from the recording where none expects them", async () => {
    const theatre = new Theatre(cassette);
    const [a, b] = [await runs(theatre), await runs(theatre)];
    await a.sends("six\n");
    await a.hearsUpTo("stdin differs from the recording");
    await b.sends("two\n");
    await b.hears(says("got two\n"));
    expect(theatre.report.differing).toHaveLength(1);
  });
});

describe("events of both", () => {
  const followed = (first: string): string => `---
request: GET /v1.41/events
response: {status: 200 OK, headers: {Content-Type: application/json}}
stream:
  - cue: ${first}
  - jsonl: {"Action":"start","id":"${ONE}"}
  - cue: s2
  - jsonl: {"Action":"start","id":"${TWO}"}
  - eof: daemon
`;
  const cassette = [
    followed("s1"),
    created(ONE),
    created(TWO),
    started(ONE, "s1"),
    started(TWO, "s2"),
    renamed(TWO, "two"),
  ].join("");

  async function plays(startsB: boolean): Promise<readonly [theatre: Theatre, events: Peer, a: string, b: string]> {
    const theatre = new Theatre(cassette);
    const events = theatre.client();
    await events.sends(request("GET /v1.41/events"));
    const [a, b] = [await makes(theatre), await makes(theatre)];
    await posts(theatre, `${a}/start`);
    if (startsB) await posts(theatre, `${b}/start`);
    return [theatre, events, a, b];
  }

  test("are told of each once", async () => {
    const [theatre, events, a, b] = await plays(true);
    await events.hearsUpTo(`"id":"${a}"}`);
    await events.hearsUpTo(`"id":"${b}"}`);
    expect(await posts(theatre, `${a}/rename?name=two`)).toBe("204 No Content");
  });

  test("settle it where only one of them has been told", async () => {
    const [theatre, events, a, b] = await plays(false);
    await events.hearsUpTo(`"id":"${a}"}`);
    expect(await posts(theatre, `${a}/rename?name=two`)).toBe("501 Not Implemented");
    expect(await posts(theatre, `${b}/rename?name=two`)).toBe("204 No Content");
  });
});
