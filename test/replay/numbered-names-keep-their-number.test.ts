/** Names with a number, a random ending, and nothing between them: which recorded one is meant. */
import { describe, expect, test } from "vitest";
import { encodeJsonAnswer, encodeJsonRequest, NO_CONTENT, request } from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { Theatre } from "../playbook/theatre.ts";

const toId = (mark: string): string => mark.repeat(64);

const created = (name: string, mark: string, body = '{"Image":"alpine"}'): string => `---
request:
  line: POST /v1.41/containers/create?name=${name}
  json-bare: ${body}
response:
  status: 201 Created
  headers: {Content-Type: application/json}
  json: {"Id":"${toId(mark)}"}
`;
const connected = (name: string): string => `---
request:
  line: POST /v1.41/networks/app/connect
  json-bare: {"Container":"${name}","EndpointConfig":{"Aliases":["x"]}}
response:
  status: 200 OK
`;

async function creates(client: Peer, name: string, mark: string, body: object = { Image: "alpine" }): Promise<void> {
  await client.sends(encodeJsonRequest(`POST /v1.41/containers/create?name=${name}`, body));
  await client.hears(encodeJsonAnswer("201 Created", `{"Id":"${toId(mark)}"}\n`));
}

async function connects(client: Peer, name: string): Promise<void> {
  await client.sends(
    encodeJsonRequest("POST /v1.41/networks/app/connect", { Container: name, EndpointConfig: { Aliases: ["x"] } }),
  );
  expect(await client.hearsUpTo("\r\n\r\n")).toContain("200 OK");
}

describe("made side by side, in another order today", () => {
  const HEX = ["3f1c0a9be2d4", "90e2b7a6c4d8", "77ab10cd29e0", "b5f1e76a9da2"];
  const TODAY = ["c0ffe1ab2d94", "1b2a3c4d5e6f", "e4c2f8d1073b", "6ab910fd09e7"];

  test.each([
    ["each with an ending of its own", HEX, TODAY],
    ["with one ending for all", HEX.map(() => HEX[0]), TODAY.map(() => TODAY[0])],
  ])("%s: each is the one of its number", async (_, hex, today) => {
    const cassette = [
      ...[2, 1, 4, 3].map((at) => created(`t${at}${hex[at - 1]}`, String(at))),
      ...[3, 1].map((at) => connected(`t${at}${hex[at - 1]}`)),
    ];
    const theatre = new Theatre(cassette.join(""));
    const client = theatre.client();
    for (const at of [1, 3, 2, 4]) await creates(client, `t${at}${today[at - 1]}`, String(at));
    for (const at of [1, 3]) await connects(client, `t${at}${today[at - 1]}`);
  });

  test("without a number that was counted, their order decides", async () => {
    const theatre = new Theatre([created("t73f1c0a9be2d4", "1"), created("t290e2b7a6c4d8", "2")].join(""));
    const client = theatre.client();
    await creates(client, "t2c0ffe1ab2d94", "1");
    await creates(client, "t41b2a3c4d5e6f", "2");
  });
});

test("Go's subtests that are called by digits keep their folders, though a number has nine digits", async () => {
  const bind = (name: string): string => `{"HostConfig":{"Binds":["/tmp/TestX${name}/001:/x"]},"Image":"alpine"}`;
  const recorded = ["2265341535", "11234567890", "33521575186"];
  const cassette = recorded.map((name) => created("", name.slice(0, 1), bind(name)).replace("?name=", ""));
  const client = new Theatre(cassette.join("")).client();
  for (const name of ["11987654321", "3877123456", "22107345678"]) {
    await client.sends(encodeJsonRequest("POST /v1.41/containers/create", JSON.parse(bind(name)) as object));
    await client.hears(encodeJsonAnswer("201 Created", `{"Id":"${toId(name.slice(0, 1))}"}\n`));
  }
});

const shown = (name: string): string => `---
request:
  line: GET /v1.41/containers/${name}/json
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json: {"Name":"/${name}"}
`;
const renamed = (name: string, other: string): string => `---
request:
  line: POST /v1.41/containers/${name}/rename?name=${other}
response:
  status: 204 No Content
`;

test.each([
  ["that looks random", "nh62kx0q", "q7w1zz4p"],
  ["that only stands behind several words", "x7bqwtz3", "abcdefgh"],
])("an ending %s is made up, wherever it is glued to a word", async (_, was, is) => {
  const cassette = [
    created(`busybox_test${was}`, "1"),
    shown(`busybox_test${was}`),
    renamed(`busybox_test${was}`, `ren${was}`),
  ];
  const client = new Theatre(cassette.join("")).client();
  await creates(client, `busybox_test${is}`, "1");
  await client.sends(request(`GET /v1.41/containers/busybox_test${is}/json`));
  await client.hears(encodeJsonAnswer("200 OK", `{"Name":"/busybox_test${is}"}\n`));
  await client.sends(request(`POST /v1.41/containers/busybox_test${is}/rename?name=ren${is}`));
  await client.hears(NO_CONTENT);
});

test("a recorded name that is equal today comes before those that are like it", async () => {
  const client = new Theatre([created("testnh62kx0q", "1"), created("testq7w1zz4p", "2")].join("")).client();
  await creates(client, "testq7w1zz4p", "2");
  await creates(client, "testnh62kx0q", "1");
});

test("where the CLI writes a container's id is not compared", async () => {
  const body = (path: string) => ({ HostConfig: { ContainerIDFile: path }, Image: "alpine" });
  const client = new Theatre(created("web", "1", JSON.stringify(body("/tmp/a/cid")))).client();
  await creates(client, "web", "1", body("/home/b/id.txt"));
});
