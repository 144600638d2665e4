import { expect, test } from "vitest";
import { encodeJsonRequest, NO_CONTENT, request } from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { Theatre } from "../playbook/theatre.ts";

const START = "POST /v1.41/containers/web/start";
const WAIT = "POST /v1.41/containers/web/wait";
const ONE = `---
request: ${WAIT}
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
  - cue: start
  - jsonl: {"StatusCode":0}
---
name: start
request: ${START}
response: 204 No Content
`;
const STOP = "POST /v1.41/containers/web/stop";
const TWO = `---\nrequest: ${STOP}\nresponse: 204 No Content\n`;

interface Heard {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: it is what JSON.parse gives
  readonly json: any;
}

/** Asks on a connection of its own. */
async function asks(theatre: Theatre, line: string, body?: unknown): Promise<Heard> {
  const client = theatre.client();
  await client.sends(body === undefined ? request(line) : encodeJsonRequest(line, body));
  await client.closesItsHalf();
  const [head = "", text = ""] = (await client.hearsAll()).split("\r\n\r\n");
  return { status: Number(head.split(" ")[1]), json: text === "" ? undefined : JSON.parse(text) };
}

async function begins(theatre: Theatre, line: string): Promise<Peer> {
  const client = theatre.client();
  await client.sends(request(line));
  await client.hearsUpTo("\r\n\r\n");
  return client;
}

test("the state has what is inserted, played, missed and unplayed, and which streams wait for what", async () => {
  const theatre = new Theatre([ONE, TWO]);
  await begins(theatre, WAIT);
  await asks(theatre, "GET /v1.41/info");
  const { status, json } = await asks(theatre, "GET /_whalesong/state");
  expect(status).toBe(200);
  expect(json).toEqual({
    cassettes: [
      {
        cassette: "run.yaml",
        exchanges: 2,
        played: 1,
        unplayed: [`run.yaml:13  ${START}`],
        stalled: [{ request: WAIT, awaits: "start", awaited: START }],
        ports: [],
      },
      { cassette: "run-2.yaml", exchanges: 1, played: 0, unplayed: [`run-2.yaml:5  ${STOP}`], stalled: [], ports: [] },
    ],
    missed: ["GET /v1.41/info"],
    sessions: [],
  });
});

test("the report is the one that is written in the end", async () => {
  const theatre = new Theatre(ONE);
  await asks(theatre, "GET /v1.41/info");
  const { json } = await asks(theatre, "GET /_whalesong/report");
  expect(json).toEqual(JSON.parse(JSON.stringify(theatre.report)));
  expect(json).toMatchObject({ exchanges: 2, played: 0, missed: [{ code: "WHALESONG_NO_MATCH" }] });
});

test("after a rewind nothing has been played", async () => {
  const theatre = new Theatre(ONE);
  for (let round = 0; round < 2; round += 1) {
    const waiting = await begins(theatre, WAIT);
    await waiting.hearsNothing();
    expect(await asks(theatre, START)).toMatchObject({ status: 204 });
    await waiting.hearsUpTo('{"StatusCode":0}');
    expect(await asks(theatre, START)).toMatchObject({ status: 501 });
    expect(theatre.report).toMatchObject({ played: 2, missed: [{ code: "WHALESONG_PLAYED_ALREADY" }] });
    expect(await asks(theatre, "POST /_whalesong/rewind")).toMatchObject({ status: 200, json: { missed: [] } });
    expect(theatre.report).toMatchObject({ played: 0, missed: [] });
  }
});

test("a stream that is under way goes on from the deck that was rewound", async () => {
  const theatre = new Theatre(ONE);
  const waiting = await begins(theatre, WAIT);
  await asks(theatre, "POST /_whalesong/rewind");
  await asks(theatre, START);
  await waiting.hearsNothing();
  expect(theatre.report.stalled).toEqual([]);
});

test("a cassette is searched from when it is inserted to when it is ejected", async () => {
  const theatre = new Theatre(ONE, { library: { "two.yaml": TWO } });
  const two = { cassette: "two.yaml" };
  expect(await asks(theatre, STOP)).toMatchObject({ status: 501 });
  const { json } = await asks(theatre, "POST /_whalesong/insert", two);
  expect(json.cassettes.map(({ cassette }: { cassette: string }) => cassette)).toEqual(["run.yaml", "two.yaml"]);
  expect(await asks(theatre, STOP)).toMatchObject({ status: 204 });
  expect(await asks(theatre, "POST /_whalesong/eject", two)).toMatchObject({
    status: 200,
    json: { exchanges: 1, played: 1, unplayed: [] },
  });
  expect(await asks(theatre, STOP)).toMatchObject({ status: 501 });
  expect(theatre.report.exchanges).toBe(2);
});

test("with nothing inserted a miss says so", async () => {
  const theatre = new Theatre(ONE);
  await asks(theatre, "POST /_whalesong/eject", { cassette: "run.yaml" });
  const { status, json } = await asks(theatre, START);
  expect(status).toBe(501);
  expect(json.message).toMatch(/^POST \/v1.41\/containers\/web\/start has no cassette: none is inserted\n/);
});

test.each([
  [
    "an unknown path",
    "GET /_whalesong/nothing",
    undefined,
    404,
    "there is no `GET /_whalesong/nothing`; there is `GET",
  ],
  ["no path", "GET /_whalesong", undefined, 404, "`POST /_whalesong/rewind`"],
  ["another method", "GET /_whalesong/rewind", undefined, 404, "there is no `GET /_whalesong/rewind`"],
  ["a cassette that is inserted", "POST /_whalesong/insert", { cassette: "run.yaml" }, 409, "is inserted already"],
  ["a file that is no cassette", "POST /_whalesong/insert", { cassette: "x" }, 400, "x:1:1  not a cassette"],
  [
    "no cassette",
    "POST /_whalesong/insert",
    { path: "x" },
    400,
    'must be JSON like `{"cassette": "web.yaml"}`, got `{"path',
  ],
  ["no body", "POST /_whalesong/eject", undefined, 400, "got nothing"],
  [
    "one that is not there",
    "POST /_whalesong/eject",
    { cassette: "x" },
    404,
    "`x` is not inserted; inserted is `run.yaml`",
  ],
] as const)("%s is refused", async (_what, line, body, status, message) => {
  const heard = await asks(new Theatre(ONE), line, body);
  expect(heard.status).toBe(status);
  expect(heard.json.message).toContain(message);
});

test("a command keeps its connection", async () => {
  const client = new Theatre(ONE).client();
  await client.sends(encodeJsonRequest("POST /_whalesong/rewind", { any: "body" }), request(START));
  await client.hearsUpTo("}\n");
  await client.hears(NO_CONTENT);
});

test("a path that only begins like a control path is Docker's", async () => {
  expect(await asks(new Theatre(ONE), "GET /_whalesongs/state")).toMatchObject({ status: 501 });
});
