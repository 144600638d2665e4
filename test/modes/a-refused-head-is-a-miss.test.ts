/** What a replay refuses before any responder sees it is not as recorded: it fails the run as a miss does. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replayCassettes } from "../../src/modes/replay.ts";
import type { ReplayReport } from "../../src/replay/report.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { HEADER } from "../playbook/studio.ts";

const CASSETTE = `${HEADER}---\nrequest: GET /_ping\nresponse: 200 OK\n`;
const TOKEN = `ghp_${"a1B2".repeat(9)}`;

/** Sends the bytes, closes that half, and waits until the replay has closed its own. */
async function replayTo(sent: string, text = CASSETTE): Promise<ReplayReport> {
  const cassette = join(createTemporaryFolder(), "ping.yaml");
  writeFileSync(cassette, text);
  const replay = await replayCassettes({ cassettes: [cassette] });
  await send(replay.url, sent);
  return replay.stop();
}

async function send(url: string, sent: string): Promise<void> {
  const socket = createConnection(url.slice("unix://".length));
  socket.end(sent, "latin1");
  socket.resume();
  await once(socket, "close");
}

test.each<[string, string, { method: string; target: string; message: RegExp }]>([
  [
    "a line that is no request",
    "hello\r\n\r\n",
    { method: "(not HTTP)", target: "`hello`", message: /got the line \.\.\.\n\[WHALESONG_BAD_REQUEST_HEAD\]/ },
  ],
  [
    "bytes that no terminal should get",
    "\x16\x03\x1b[2J\n\n",
    { method: "(not HTTP)", target: "`\\x16\\x03\\x1b[2J`", message: /got the line/ },
  ],
  [
    "HTTP/2, where no build was recorded",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    { method: "PRI", target: "*", message: /got the line/ },
  ],
  ["no Host", "GET /_ping HTTP/1.1\r\n\r\n", { method: "GET", target: "/_ping", message: /got no Host, expected one/ }],
  [
    "an expectation",
    "GET /_ping HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n",
    { method: "GET", target: "/_ping", message: /cannot meet the expectation \.\.\./ },
  ],
  [
    "a head without an end",
    `GET /_ping HTTP/1.1\r\nX: ${"x".repeat(1024 * 1024)}`,
    { method: "GET", target: "/_ping", message: /without its end/ },
  ],
])("%s is a miss", async (_what, sent, { message, ...line }) => {
  const { missed, problems } = await replayTo(sent);
  expect(missed).toEqual([
    { code: "WHALESONG_BAD_REQUEST_HEAD", ...line, message: expect.stringMatching(message) as string },
  ]);
  expect(problems).toEqual([]);
});

test.each([
  ["in a method", `${TOKEN} / HTTP/1.1\r\n\r\n`],
  ["in a query", `GET /x?password=${TOKEN} HTTP/1.1\r\n\r\n`],
  ["in bytes that are no HTTP", `login ${TOKEN}\r\n\r\n`],
  ["in a setting", `password=${TOKEN.slice(4)}\r\n\r\n`],
  ["in a header", `GET / HTTP/1.1\r\nHost: a\r\nExpect: ${TOKEN}\r\n\r\n`],
])("a secret %s is not shown", async (_place, sent) => {
  const { missed } = await replayTo(sent);
  expect(missed).toHaveLength(1);
  expect(JSON.stringify(missed)).not.toContain(TOKEN.slice(4));
});

test.each([
  ["only connects", ""],
  ["closes within a head", "GET /_ping HTTP/1.1\r\nHo"],
  ["closes within a body", "POST /_whalesong/rewind HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"],
  ["asks for what was recorded", "GET /_ping HTTP/1.1\r\nHost: a\r\n\r\n"],
])("a client that %s misses nothing", async (_what, sent) => {
  const { missed, problems } = await replayTo(sent);
  expect([...missed, ...problems]).toEqual([]);
});

/** Go's answer to a head that it refuses, as the recorder writes it. */
function recordRefusal(request: string, status: string): string {
  const head = `  head:\n    - "Content-Type: text/plain; charset=utf-8"\n    - "Connection: close"\n`;
  return `---\nrequest: ${request}\nresponse:\n  status: "${status}"\n${head}  framing: close\n  text: "${status}"\n`;
}

const NO_HOST = "400 Bad Request: missing required Host header";

test.each([
  ["a read without Host", "GET /info", NO_HOST, ""],
  ["a change without Host", "POST /containers/web/start", NO_HOST, ""],
  ["a change with an expectation", "POST /containers/web/start", "417 Expectation Failed", "Host: a\r\nExpect: x\r\n"],
])("%s that was refused when it was recorded is played", async (_what, request, status, fields) => {
  const text = `${HEADER}${recordRefusal(request, status)}`;
  expect(await replayTo(`${request} HTTP/1.1\r\n${fields}\r\n`, text)).toMatchObject({
    played: 1,
    missed: [],
    unplayed: [],
    problems: [],
  });
});

test.each([
  [
    "an answer of a handler",
    `---\nrequest: POST /containers/web/start\nresponse:\n  status: 400 Bad Request\n  json: {message: no}\n`,
  ],
  ["another request", recordRefusal("POST /containers/db/start", NO_HOST)],
])("a head that is refused is a miss where %s was recorded", async (_what, exchange) => {
  const { missed } = await replayTo("POST /containers/web/start HTTP/1.1\r\n\r\n", `${HEADER}${exchange}`);
  expect(missed).toHaveLength(1);
});

test("a change that was refused once is a miss the second time", async () => {
  const head = "POST /containers/web/start HTTP/1.1\r\n\r\n";
  const cassette = join(createTemporaryFolder(), "twice.yaml");
  writeFileSync(cassette, `${HEADER}${recordRefusal("POST /containers/web/start", NO_HOST)}`);
  const replay = await replayCassettes({ cassettes: [cassette] });
  await send(replay.url, head);
  await send(replay.url, head);
  expect(await replay.stop()).toMatchObject({ played: 1, missed: [{ method: "POST" }] });
});
