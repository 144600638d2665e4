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
import { Theatre, type TheatreOptions } from "../playbook/theatre.ts";

const ATTACH = upgradeRequest("POST /v1.41/containers/web/attach?stream=1");
const STARTED = `---
name: start
request: POST /v1.41/containers/web/start
response: 204 No Content
`;

/** An attach whose stream is these events. */
function attached(...events: readonly string[]): string {
  const stream = events.map((event) => `  - ${event}\n`).join("");
  return `---
request: POST /v1.41/containers/web/attach?stream=1
response:
  status: 101 UPGRADED
  headers: {Content-Type: ${RAW_STREAM}}
stream:
${stream}`;
}

async function attach(cassette: string, options: TheatreOptions = {}): Promise<{ client: Peer; theatre: Theatre }> {
  const theatre = new Theatre(cassette, options);
  const client = theatre.client();
  await client.sends(ATTACH);
  await client.hears(UPGRADED);
  return { client, theatre };
}

async function starts(theatre: Theatre): Promise<void> {
  const client = theatre.client();
  await client.sends(request("POST /v1.41/containers/web/start"));
  await client.hears(NO_CONTENT);
}

/** `docker compose up` starts, and follows the events, at once. */
const FOLLOWED = {
  "the start": (start: string, says: string): string => `${startNamed(start)}---
during: ${start}
request: GET /v1.41/events
response: {status: 200 OK, headers: {Content-Type: application/json}}
stream:
  - cue: ${start}
  - jsonl: {"Action":"${says}"}
  - eof: daemon
`,
  "the events": (start: string, says: string): string => `---
request: GET /v1.41/events
response: {status: 200 OK, headers: {Content-Type: application/json}, cue: [${start}]}
stream:
  - jsonl: {"Action":"${says}"}
  - eof: daemon
${startNamed(start)}`,
};

function startNamed(name: string): string {
  return STARTED.replace("name: start", `name: ${name}`);
}

describe.each(Object.entries(FOLLOWED))("a client that requested %s first, and the other at once", (_, followed) => {
  const cassette = followed("start", "one") + followed("start-2", "two") + followed("start-3", "three");

  test.each([{ first: "start" }, { first: "events" }])("may begin with the $first today", async ({ first }) => {
    const theatre = new Theatre(cassette);
    for (const says of ["one", "two", "three"]) {
      const client = theatre.client();
      if (first === "start") await starts(theatre);
      await client.sends(request("GET /v1.41/events"));
      if (first === "events") await starts(theatre);
      expect(await client.hearsUpTo("}")).toContain(`"Action":"${says}"`);
    }
  });
});

describe("a cue", () => {
  test("holds what comes after it until the exchange of that name is requested", async () => {
    const { client, theatre } = await attach(
      attached('stdout: "a"', "cue: start", 'stdout: "b"', "eof: daemon") + STARTED,
    );
    await client.hears(encodeTextFrame("stdout", "a"));
    await client.hearsNothing();
    await starts(theatre);
    await client.hears(encodeTextFrame("stdout", "b"));
    await client.hearsEnd();
  });

  test("that fired before the stream was requested holds nothing", async () => {
    const theatre = new Theatre(attached("cue: start", 'stdout: "b"', "eof: daemon") + STARTED);
    await starts(theatre);
    const client = theatre.client();
    await client.sends(ATTACH);
    await client.hears(UPGRADED, encodeTextFrame("stdout", "b"));
  });

  test("fires with the request, not with its response", async () => {
    const slow = STARTED.replace("response: 204 No Content\n", "response:\n  status: 204 No Content\n  wait: 5s\n");
    const { client, theatre } = await attach(attached("cue: start", 'stdout: "b"') + slow, {
      tempo: { scale: 1, maxWaitMs: 1e9 },
    });
    const other = theatre.client();
    await other.sends(request("POST /v1.41/containers/web/start"));
    await client.hears(encodeTextFrame("stdout", "b"));
    await other.hearsNothing();
    await theatre.passes(5000);
    await other.hears(NO_CONTENT);
  });

  test("holds a head, if the head has it", async () => {
    const wait =
      '---\nrequest: POST /v1.29/containers/web/wait\nresponse:\n  status: 200 OK\n  cue: [start]\n  json: {"StatusCode":0}\n';
    const theatre = new Theatre(wait + STARTED);
    const client = theatre.client();
    await client.sends(request("POST /v1.29/containers/web/wait"));
    await client.hearsNothing();
    expect(theatre.report.stalled).toEqual([
      "POST /v1.29/containers/web/wait waits for `start`, POST /v1.41/containers/web/start, which was not requested",
    ]);
    await starts(theatre);
    await client.hearsUpTo('{"StatusCode":0}\n');
  });

  test("that never comes is in the report, until the client has left", async () => {
    const { client, theatre } = await attach(attached("cue: start", 'stdout: "b"') + STARTED);
    await client.hearsNothing();
    expect(theatre.report.stalled).toEqual([
      "POST /v1.41/containers/web/attach?stream=1 waits for `start`, POST /v1.41/containers/web/start, which was not requested",
    ]);
    await client.breaksOff();
    expect(theatre.report.stalled).toEqual([]);
  });

  test("does not hold the head of a stream: `wait` sends its head at once, its result after the start", async () => {
    const waited = `---
request: POST /v1.41/containers/web/wait
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
  - cue: start
  - jsonl: {"StatusCode":6}
`;
    const theatre = new Theatre(waited + STARTED);
    const client = theatre.client();
    await client.sends(request("POST /v1.41/containers/web/wait"));
    await client.hears(encodeChunkedAnswer("200 OK"));
    await client.hearsNothing();
    await starts(theatre);
    await client.hears(encodeTextChunk('{"StatusCode":6}\n'), LAST_CHUNK);
  });
});

describe("the client's input into a hijack", () => {
  const CAT = attached('stdin: "hello\\n"', 'stdout: "hello\\n"', "eof: client", "eof: daemon");

  test("is read in whatever pieces it arrives", async () => {
    const { client } = await attach(CAT);
    for (const piece of ["h", "el", "lo"]) await client.sends(piece);
    await client.hearsNothing();
    await client.sends("\n");
    await client.hears(encodeTextFrame("stdout", "hello\n"));
    await client.closesItsHalf();
    await client.hearsEnd();
  });

  test("is separated from what follows it", async () => {
    const { client } = await attach(attached('stdin: "a"', 'stdout: "A"', 'stdin: "b"', 'stdout: "B"', "eof: daemon"));
    await client.sends("ab");
    await client.hears(encodeTextFrame("stdout", "A"), encodeTextFrame("stdout", "B"));
    await client.hearsEnd();
  });

  test("is an error that shows both, where it differs", async () => {
    const { client, theatre } = await attach(CAT);
    await client.sends("help!\n");
    const message =
      'whalesong: stdin differs from the recording (run.yaml:5): expected "hello\\n", got "help!\\n" [WHALESONG_STDIN_DIFFERS]';
    await client.hears(encodeTextFrame("systemerr", `${message}\n`));
    await client.hearsEnd();
    expect(theatre.report.differing).toEqual([message]);
  });

  test("is an error, where it ends too early", async () => {
    const { client, theatre } = await attach(CAT);
    await client.sends("he");
    await client.closesItsHalf();
    expect(await client.hearsAll()).toContain('expected "llo\\n", got the client closed its half');
    expect(theatre.report.differing).toHaveLength(1);
  });

  test.each([
    ["all at once", CAT, ["hello\nrm -rf /\n"]],
    ["later", CAT, ["hello\n", "rm -rf /\n"]],
    ["where nothing was sent", attached("eof: client", "eof: daemon"), ["rm -rf /\n"]],
  ])("is an error, where it goes on behind the recorded end: %s", async (_when, cassette, pieces) => {
    const { client, theatre } = await attach(cassette);
    for (const piece of pieces) await client.sends(piece);
    expect(await client.hearsAll()).toContain('expected the client to close its half, got "rm -rf /\\n"');
    expect(theatre.report.differing).toHaveLength(1);
  });

  test("may go on where the daemon ended it: how much of it is sent by then differs from run to run", async () => {
    const { client, theatre } = await attach(attached('stdin: "y\\n"', 'stdout: "y\\n"', "eof: daemon"));
    await client.sends("y\ny\ny\n");
    await client.hears(encodeTextFrame("stdout", "y\n"));
    await client.hearsEnd();
    expect(theatre.report.differing).toEqual([]);
  });

  test("may be longer than what was redacted of it", async () => {
    const { client, theatre } = await attach(
      attached("stdin: {redacted: 4}", "eof: client", 'stdout: "ok"', "eof: daemon"),
    );
    await client.sends("a longer password");
    await theatre.passes(1000);
    await client.closesItsHalf();
    await client.hears(encodeTextFrame("stdout", "ok"));
    expect(theatre.report.differing).toEqual([]);
  });

  test("may be anything where it was redacted; a timeout ends the wait for more", async () => {
    const { client, theatre } = await attach(attached("stdin: {redacted: 10}", 'stdout: "ok"', "eof: daemon"));
    await client.sends("short");
    await client.hearsNothing();
    await theatre.passes(1000);
    await client.hears(encodeTextFrame("stdout", "ok"));
    await client.hearsEnd();
  });

  test("is read after the body of the request, not as a part of it", async () => {
    const exec = CAT.replace(
      "request: POST /v1.41/containers/web/attach?stream=1",
      'request:\n  line: POST /v1.41/exec/1/start\n  json-bare: {"Tty":false}',
    );
    const client = new Theatre(exec).client();
    const asked = upgradeRequest("POST /v1.41/exec/1/start", '{"Tty":false}');
    await client.sends(Buffer.concat([asked, Buffer.from("hello\n")]));
    expect(await client.hearsUpTo("\r\n\r\n")).toMatch(/^HTTP\/1\.1 101 UPGRADED\r\n/);
    await client.hears(encodeTextFrame("stdout", "hello\n"));
  });
});

describe("an ending", () => {
  test("of the client: the stream waits for it, and goes on after it", async () => {
    const { client } = await attach(attached('stdout: "a"', "eof: client", 'stdout: "b"', "eof: daemon"));
    await client.hears(encodeTextFrame("stdout", "a"));
    await client.hearsNothing();
    await client.closesItsHalf();
    await client.hears(encodeTextFrame("stdout", "b"));
    await client.hearsEnd();
  });

  test("of the client does not end a stream that goes on in the recording", async () => {
    const { client, theatre } = await attach(attached("cue: start", 'stdout: "b"', "eof: daemon") + STARTED);
    await client.closesItsHalf();
    await client.hearsNothing();
    await starts(theatre);
    await client.hears(encodeTextFrame("stdout", "b"));
    await client.hearsEnd();
  });

  test("of the daemon comes where it was recorded, though the client writes on", async () => {
    const { client } = await attach(attached('stdout: "a"', "eof: daemon"));
    await client.hears(encodeTextFrame("stdout", "a"));
    await client.hearsEnd();
    await client.sends("into the void");
  });

  test("that was a reset is a reset", async () => {
    const { client } = await attach(attached('stdout: "a"', "reset"));
    await client.hears(encodeTextFrame("stdout", "a"));
    await client.hearsReset();
  });

  test("that was cut holds the stream open until the client leaves, and is no stall", async () => {
    const { client, theatre } = await attach(attached('stdout: "a"', "cut"));
    await client.hears(encodeTextFrame("stdout", "a"));
    await client.hearsNothing();
    expect(theatre.report.stalled).toEqual([]);
    await client.closesItsHalf();
    await client.hearsEnd();
  });

  test("before any response is played: the client leaves, or its connection is closed", async () => {
    const theatre = new Theatre("---\nrequest: GET /v1.41/info\nresponse: none\nstream:\n  - eof: client\n");
    const client = theatre.client();
    await client.sends(request("GET /v1.41/info"));
    await client.hearsNothing();
    await client.closesItsHalf();
    await client.hearsEnd();
    const left = new Theatre("---\nrequest: GET /v1.41/info\nresponse: none\n").client();
    await left.sends(request("GET /v1.41/info"));
    await left.hearsEnd();
  });
});

describe("tempo", () => {
  const SLOW = attached('stdout: "a"', "wait: 2s", 'stdout: "b"', "eof: daemon");

  test.each([
    { what: "as recorded", tempo: { scale: 1, maxWaitMs: 1e9 }, ms: 2000 },
    { what: "twice as fast", tempo: { scale: 0.5, maxWaitMs: 1e9 }, ms: 1000 },
    { what: "with a longest wait", tempo: { scale: 1, maxWaitMs: 200 }, ms: 200 },
  ])("$what waits $ms ms", async ({ tempo, ms }) => {
    const { client, theatre } = await attach(SLOW, { tempo });
    await client.hears(encodeTextFrame("stdout", "a"));
    await theatre.passes(ms - 1);
    await client.hearsNothing();
    await theatre.passes(1);
    await client.hears(encodeTextFrame("stdout", "b"));
    await client.hearsEnd();
  });

  test("is instant by default", async () => {
    const { client, theatre } = await attach(SLOW);
    await client.hears(encodeTextFrame("stdout", "a"), encodeTextFrame("stdout", "b"));
    await client.hearsEnd();
    expect(theatre.clock.sleepers).toBe(0);
  });

  test("keeps the pace of a stream that the client ended", async () => {
    const events = `---
request: GET /v1.41/events
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
  - jsonl: 1
  - wait: 50s
  - jsonl: 2
  - eof: client
`;
    const theatre = new Theatre(events);
    const client = theatre.client();
    await client.sends(request("GET /v1.41/events"));
    await client.hears(encodeChunkedAnswer("200 OK"), encodeTextChunk("1\n"));
    await client.hearsNothing();
    await theatre.passes(200);
    await client.hears(encodeTextChunk("2\n"));
    await client.hearsNothing();
  });

  test("ends with its client inside a wait", async () => {
    const { client, theatre } = await attach(SLOW, { tempo: { scale: 1, maxWaitMs: 1e9 } });
    await client.hears(encodeTextFrame("stdout", "a"));
    await client.breaksOff();
    expect(theatre.problems).toEqual([]);
  });
});
