import { describe, expect, test } from "vitest";
import {
  encodeChunkedAnswer,
  encodeJsonAnswer,
  encodeJsonRequest,
  encodeTextChunk,
  LAST_CHUNK,
  NO_CONTENT,
  request,
} from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { Theatre } from "../playbook/theatre.ts";

const CREATE = encodeJsonRequest("POST /v1.41/containers/create?name=web", { Image: "alpine:3.20" });
const PULL = request("POST /v1.41/images/create?fromImage=alpine&tag=3.20");
const START = request("POST /v1.41/containers/web/start");

const created = (id: string): string => `---
request:
  line: POST /v1.41/containers/create?name=web
  json-bare: {"Image":"alpine:3.20"}
response:
  status: 201 Created
  headers: {Content-Type: application/json}
  json: {"Id":"${id}"}
`;
const MISSING = `---
request:
  line: POST /v1.41/containers/create?name=web
  json-bare: {"Image":"alpine:3.20"}
response:
  status: 404 Not Found
  headers: {Content-Type: application/json}
  json: {"message":"No such image: alpine:3.20"}
`;
const PULLED = `---
request: POST /v1.41/images/create?fromImage=alpine&tag=3.20
response:
  status: 200 OK
  headers: {Content-Type: application/json}
stream:
  - progress: {"status":"Pulled"}
`;
const STARTED = `---
request: POST /v1.41/containers/web/start
response: 204 No Content
`;
const NOT_MODIFIED = `---
request: POST /v1.41/containers/web/start
response: 304 Not Modified
`;

async function asks(client: Peer, question: Buffer, answer: string): Promise<void> {
  await client.sends(question);
  await client.hears(answer);
}

/** Asks for what is a miss; gives back what the message says. */
async function misses(client: Peer, question: Buffer): Promise<string> {
  await client.sends(question);
  expect(await client.hearsUpTo("\r\n\r\n")).toMatch(/^HTTP\/1\.1 501 Not Implemented\r\n/);
  return JSON.parse(await client.hearsUpTo("}\n")).message;
}

test("create fails, the image is pulled, and the very same create succeeds", async () => {
  const client = new Theatre(MISSING + PULLED + created("1")).client();
  await asks(client, CREATE, encodeJsonAnswer("404 Not Found", '{"message":"No such image: alpine:3.20"}\n'));
  await asks(client, PULL, encodeChunkedAnswer("200 OK") + encodeTextChunk('{"status":"Pulled"}\r\n') + LAST_CHUNK);
  await asks(client, CREATE, encodeJsonAnswer("201 Created", '{"Id":"1"}\n'));
});

test("equal requests are answered in recorded order, on whatever connections", async () => {
  const theatre = new Theatre(created("1") + created("2") + created("3"));
  for (const id of ["1", "2", "3"])
    await asks(theatre.client(), CREATE, encodeJsonAnswer("201 Created", `{"Id":"${id}"}\n`));
  expect(theatre.report).toMatchObject({ exchanges: 3, played: 3, unplayed: [] });
});

test("equal requests at the same time never get the same answer", async () => {
  const theatre = new Theatre(created("1") + created("2"));
  const clients = [theatre.client(), theatre.client()];
  for (const client of clients) await client.sends(CREATE);
  const ids = await Promise.all(clients.map(async (client) => /"Id":"(\d)"/.exec(await client.hearsUpTo("}\n"))?.[1]));
  expect(ids.sort()).toEqual(["1", "2"]);
});

test("the body tells one request from another, in whatever order they arrive", async () => {
  const other = created("2").replace("alpine:3.20", "postgres:16");
  const client = new Theatre(created("1") + other).client();
  const postgres = encodeJsonRequest("POST /v1.41/containers/create?name=web", { Image: "postgres:16" });
  await asks(client, postgres, encodeJsonAnswer("201 Created", '{"Id":"2"}\n'));
  await asks(client, CREATE, encodeJsonAnswer("201 Created", '{"Id":"1"}\n'));
});

test("a second time is a miss that names the place of the exchange", async () => {
  const theatre = new Theatre(STARTED);
  const client = theatre.client();
  await asks(client, START, NO_CONTENT);
  const message = await misses(client, START);
  expect(message).toContain("POST /v1.41/containers/web/start was played already\n");
  expect(message).toContain("It stands once in the recording (run.yaml:5)");
  expect(message).toContain("add  repeat: true  to run.yaml:5");
  expect(message).toContain("\n[WHALESONG_PLAYED_ALREADY]");
  expect(theatre.report.missed).toMatchObject([
    { code: "WHALESONG_PLAYED_ALREADY", target: "/v1.41/containers/web/start" },
  ]);
});

test("an exchange with `repeat` is played again and again, after the others", async () => {
  const client = new Theatre(STARTED + NOT_MODIFIED.replace("---\n", "---\nrepeat: true\n")).client();
  const notModified = NO_CONTENT.replace("204 No Content", "304 Not Modified");
  await asks(client, START, NO_CONTENT);
  for (let round = 0; round < 3; round += 1) await asks(client, START, notModified);
});

test("stopping four containers in another order than recorded works", async () => {
  const names = ["a", "b", "c", "d"];
  const stopped = names.map((name) => STARTED.replace("web/start", `${name}/stop`)).join("");
  const theatre = new Theatre(stopped);
  for (const name of ["c", "a", "d", "b"])
    await asks(theatre.client(), request(`POST /v1.41/containers/${name}/stop`), NO_CONTENT);
  expect(theatre.report.unplayed).toEqual([]);
});

describe("a request that was answered before its whole body had arrived", () => {
  const EARLY = `---
request:
  line: PUT /v1.41/containers/web/archive?path=/
  partial: true
response:
  status: 404 Not Found
  headers: {Content-Type: application/json}
  json: {"message":"no"}
`;

  test("is answered so again, with any body", async () => {
    const client = new Theatre(EARLY).client();
    await client.sends(
      "PUT /v1.41/containers/web/archive?path=/ HTTP/1.1\r\nHost: docker\r\nContent-Length: 1000000\r\n\r\nonly this",
    );
    await client.hears(encodeJsonAnswer("404 Not Found", '{"message":"no"}\n'));
  });

  test("does not make a client that waits for 100 Continue send it", async () => {
    const client = new Theatre(EARLY).client();
    await client.sends(
      "PUT /v1.41/containers/web/archive?path=/ HTTP/1.1\r\nHost: docker\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
    );
    await client.hears(encodeJsonAnswer("404 Not Found", '{"message":"no"}\n'));
    await client.hearsEnd();
  });
});

const LEFT = `---
request:
  line: POST /v1.41/images/load
  headers: {Content-Type: application/x-tar}
  partial: true
response: none
stream:
  - eof: client
`;
const UPLOAD = "POST /v1.41/images/load HTTP/1.1\r\nHost: docker\r\nContent-Type: application/x-tar\r\n";

describe("a request whose client left before it had sent its body", () => {
  const BEGINNINGS = [
    ["in chunks", `${UPLOAD}Transfer-Encoding: chunked\r\n\r\n6\r\nbroken\r\n`],
    ["of a length", `${UPLOAD}Content-Length: 100\r\n\r\nbroken`],
    ["that arrives whole", `${UPLOAD}Content-Length: 6\r\n\r\nbroken`],
    ["that is cut in a chunk", `${UPLOAD}Transfer-Encoding: chunked\r\n\r\n100\r\nbroken`],
  ] as const;

  test.each(BEGINNINGS)("may send any part of a body %s, and is listened to until it leaves", async (_, upload) => {
    const theatre = new Theatre(LEFT);
    const client = theatre.client();
    await client.sends(upload);
    await client.hearsNothing();
    await client.sends("and more");
    await client.hearsNothing();
    expect(theatre.report).toMatchObject({ stalled: ["POST /v1.41/images/load waits for the client to close"] });
    await client.closesItsHalf();
    await client.hearsEnd();
    expect(theatre.report).toMatchObject({ played: 1, missed: [], stalled: [], differing: [], problems: [] });
  });
});

describe("a request whose client left before it had sent its body, sent whole", () => {
  test.each([
    ["hangs, of which is told once", 9, 1],
    ["may still leave soon", 1, 0],
  ])("%s", async (_, seconds, count) => {
    const warnings: string[] = [];
    const theatre = new Theatre(LEFT, { onHang: (warning) => void warnings.push(warning) });
    const client = theatre.client();
    await client.sends(`${UPLOAD}Content-Length: 6\r\n\r\nbroken`);
    for (let passed = 0; passed < seconds; passed += 1) await theatre.passes(1000);
    await waitForQuiet();
    expect(warnings).toEqual(
      Array(count).fill(expect.stringMatching(/waits for an answer that was not recorded: .*\(run\.yaml:\d+\)/)),
    );
    await client.closesItsHalf();
    await client.hearsEnd();
    expect(theatre.report.stalled).toHaveLength(count);
  });
});

test("a replay writes nothing into the cassette's model", () => {
  const theatre = new Theatre(STARTED);
  const before = theatre.decks[0]?.cassette.entries.map((entry) => entry.readText());
  expect(theatre.report).toMatchObject({ played: 0, unplayed: ["run.yaml:5  POST /v1.41/containers/web/start"] });
  expect(theatre.decks[0]?.cassette.entries.map((entry) => entry.readText())).toEqual(before);
});
