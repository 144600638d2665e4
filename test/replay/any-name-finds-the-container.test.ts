import { expect, test } from "vitest";
import { encodeHead, encodeJsonAnswer, NO_CONTENT, request } from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { Theatre } from "../playbook/theatre.ts";

const ID = "3f1c0a9be2d4".padEnd(64, "0");
const CREATED = `---
request: POST /v1.41/containers/create?name=web
response:
  status: 201 Created
  headers: {Content-Type: application/json}
  json: {"Id":"${ID}","Warnings":[]}
`;
const answered = (line: string, says: string): string => `---
request: ${line}
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json: "${says}"
`;
const STARTED = `---
request: POST /v1.41/containers/${ID}/start
response: 204 No Content
`;

async function hears(client: Peer, line: string, answer: string): Promise<void> {
  await client.sends(request(line));
  await client.hears(answer);
}

async function creates(client: Peer): Promise<void> {
  await hears(
    client,
    "POST /v1.41/containers/create?name=web",
    encodeJsonAnswer("201 Created", `{"Id":"${ID}","Warnings":[]}\n`),
  );
}

test("a container that was recorded by its long id is found by its name, its short id and with a slash", async () => {
  const client = new Theatre(CREATED + answered(`GET /v1.41/containers/${ID}/json`, "web")).client();
  await creates(client);
  for (const name of ["web", ID.slice(0, 12), ID.slice(0, 20), ID]) {
    await hears(client, `GET /v1.41/containers/${name}/json`, encodeJsonAnswer("200 OK", '"web"\n'));
  }
});

test("a change that is requested by another name is still played once", async () => {
  const theatre = new Theatre(CREATED + STARTED);
  const client = theatre.client();
  await creates(client);
  await hears(client, "POST /v1.41/containers/web/start", NO_CONTENT);
  await client.sends(request(`POST /v1.41/containers/${ID}/start`));
  expect(await client.hearsUpTo("}\n")).toContain("was played already");
});

test("the other name is another container's until the create has been played", async () => {
  const client = new Theatre(CREATED + STARTED).client();
  await client.sends(request("POST /v1.41/containers/web/start"));
  expect(await client.hearsUpTo("}\n")).toContain("501 Not Implemented");
});

test("a change by one name opens an era for reads by the other", async () => {
  const look = (says: string): string => answered("GET /v1.41/containers/web/json", says);
  const client = new Theatre(CREATED + look("created") + STARTED + look("running")).client();
  await creates(client);
  await hears(client, `POST /v1.41/containers/${ID.slice(0, 12)}/start`, NO_CONTENT);
  await hears(client, "GET /v1.41/containers/web/json", encodeJsonAnswer("200 OK", '"running"\n'));
});

test("a rename that failed changes no names", async () => {
  const conflict = answered(`POST /v1.41/containers/${ID}/rename?name=shop`, "taken").replace("200 OK", "409 Conflict");
  const shop = answered("GET /v1.41/containers/shop/json", "the old shop");
  const web = answered(`GET /v1.41/containers/${ID}/json`, "web");
  const theatre = new Theatre(CREATED + conflict + shop + web + STARTED + answered("GET /v1.41/info", "up"));
  const client = theatre.client();
  await creates(client);
  await hears(client, "POST /v1.41/containers/web/rename?name=shop", encodeJsonAnswer("409 Conflict", '"taken"\n'));
  await hears(client, "GET /v1.41/containers/web/json", encodeJsonAnswer("200 OK", '"web"\n'));
  await hears(client, "GET /v1.41/containers/shop/json", encodeJsonAnswer("200 OK", '"the old shop"\n'));
  expect(theatre.decks[0]?.exchanges.map(({ container }) => container)).toEqual([
    undefined,
    ID,
    "shop",
    ID,
    ID,
    undefined,
  ]);
});

test("of several decks, the first one with the request answers, and each has its own history", async () => {
  const one = answered("GET /v1.41/info", "one") + STARTED;
  const two = answered("GET /v1.41/info", "two") + answered("GET /v1.41/version", "two") + STARTED;
  const theatre = new Theatre([one, two]);
  const client = theatre.client();
  await hears(client, "GET /v1.41/info", encodeJsonAnswer("200 OK", '"one"\n'));
  await hears(client, "GET /v1.41/version", encodeJsonAnswer("200 OK", '"two"\n'));
  for (let deck = 0; deck < 2; deck += 1) await hears(client, `POST /v1.41/containers/${ID}/start`, NO_CONTENT);
  await client.sends(request(`POST /v1.41/containers/${ID}/start`));
  expect(await client.hearsUpTo("}\n")).toContain("was played already");
  expect(theatre.report).toMatchObject({ exchanges: 5, played: 4 });
});

test("window changes that were not recorded are answered as any daemon would, and are no misses", async () => {
  const theatre = new Theatre(STARTED);
  const client = theatre.client();
  const resized = encodeHead("HTTP/1.1 200 OK", [...NO_CONTENT.split("\r\n").slice(1, 6), "Content-Length: 0"]);
  for (let round = 0; round < 2; round += 1) {
    await hears(client, "POST /v1.41/containers/web/resize?h=24&w=80", resized);
    await hears(client, "POST /v1.41/exec/1/resize?h=24&w=80", resized);
    await hears(client, "POST /v1.41/containers/web/kill?signal=WINCH", NO_CONTENT);
  }
  expect(theatre.misses).toEqual([]);
});

test("window changes that were recorded are answered as recorded, any number of times", async () => {
  const client = new Theatre(answered("POST /v1.41/exec/1/resize?h=1&w=2", "recorded")).client();
  for (const size of ["h=1&w=2", "h=3&w=4", "h=5&w=6"]) {
    await hears(client, `POST /v1.41/exec/1/resize?${size}`, encodeJsonAnswer("200 OK", '"recorded"\n'));
  }
});
