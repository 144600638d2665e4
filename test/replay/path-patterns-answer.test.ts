import { describe, expect, test } from "vitest";
import {
  encodeChunkedAnswer,
  encodeJsonAnswer,
  encodeTextChunk,
  LAST_CHUNK,
  NO_CONTENT,
  request,
} from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { Theatre } from "../playbook/theatre.ts";

function look(target: string, says: string): string {
  return `---
request: GET ${target}
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json: ${says}
`;
}

const start = (name: string, extra = ""): string =>
  `---\n${extra}request: POST /v1.41/containers/${name}/start\nresponse: 204 No Content\n`;

async function sees(client: Peer, target: string, says: string): Promise<void> {
  await client.sends(request(`GET ${target}`));
  await client.hears(encodeJsonAnswer("200 OK", `${says}\n`));
}

describe("a path with a name in braces", () => {
  test("answers any path that fits, and puts what it captured into the response", async () => {
    const client = new Theatre(look("/v1.41/containers/{id}/json", '{"Id":"{id}","Name":"/{id}","x":{}}')).client();
    for (const id of ["web", "a-much-longer-name", "web"]) {
      await sees(client, `/v1.41/containers/${id}/json`, `{"Id":"${id}","Name":"/${id}","x":{}}`);
    }
  });

  test("captures several segments, with their escapes decoded", async () => {
    const client = new Theatre(look("/v1.41/images/{name}/json", '"{name}"')).client();
    await sees(client, "/v1.41/images/example.com/org/app%3A1/json", '"example.com/org/app:1"');
  });

  test("answers only where no plain path does", async () => {
    const cassette = look("/v1.41/containers/{id}/json", '"any"') + look("/v1.41/containers/web/json", '"web"');
    const client = new Theatre(cassette).client();
    await sees(client, "/v1.41/containers/web/json", '"web"');
    await sees(client, "/v1.41/containers/db/json", '"any"');
  });

  test("answers after a plain path that has been played", async () => {
    const client = new Theatre(start("web") + start("{id}", "repeat: true\n")).client();
    for (let time = 0; time < 3; time += 1) {
      await client.sends(request("POST /v1.41/containers/web/start"));
      await client.hears(NO_CONTENT);
    }
  });

  test("answers after another pattern that has been played", async () => {
    const client = new Theatre(start("{one}") + start("{other}")).client();
    for (const name of ["a", "b"]) {
      await client.sends(request(`POST /v1.41/containers/${name}/start`));
      await client.hears(NO_CONTENT);
    }
  });

  test("is played once, if it is a change", async () => {
    const client = new Theatre(start("{id}")).client();
    await client.sends(request("POST /v1.41/containers/web/start"));
    await client.hears(NO_CONTENT);
    await client.sends(request("POST /v1.41/containers/db/start"));
    expect(await client.hearsUpTo("}\n")).toContain("was played already");
  });

  test.each([
    ["another method", "POST /v1.41/containers/web/json"],
    ["another version", "GET /v1.40/containers/web/json"],
    ["another query", "GET /v1.41/containers/web/json?size=1"],
    ["another end", "GET /v1.41/containers/web/top"],
  ])("does not answer %s", async (_, line) => {
    const theatre = new Theatre(look("/v1.41/containers/{id}/json", '"{id}"'));
    const client = theatre.client();
    await client.sends(request(line));
    expect(await client.hearsUpTo("\r\n\r\n")).toMatch(/^HTTP\/1\.1 501 /);
  });

  test("puts what it captured into headers and streams", async () => {
    const cassette = `---
request: GET /v1.41/containers/{id}/logs
response:
  status: 200 OK
  headers: {X-Of: "{id}"}
stream:
  - jsonl: {"from":"{id}"}
`;
    const client = new Theatre(cassette).client();
    await client.sends(request("GET /v1.41/containers/web/logs"));
    await client.hears(encodeChunkedAnswer("200 OK", ["X-Of: web"]), encodeTextChunk('{"from":"web"}\n'), LAST_CHUNK);
  });

  test("captures a generated name as today's, though it was bound before", async () => {
    const create = `---
request: POST /v1.41/containers/create?name=box-3f1c0a9be2d4
response:
  status: 201 Created
  headers: {Content-Type: application/json}
  json: {}
`;
    const client = new Theatre(create + look("/v1.41/containers/{id}/json", '"{id}"')).client();
    await client.sends(request("POST /v1.41/containers/create?name=box-90e2b7a6c4d8"));
    await client.hears(encodeJsonAnswer("201 Created", "{}\n"));
    await sees(client, "/v1.41/containers/box-90e2b7a6c4d8/json", '"box-90e2b7a6c4d8"');
  });
});
