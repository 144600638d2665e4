/** What single clients make up that has no random shape, or not always the same one. */
import { expect, test } from "vitest";
import { createTar } from "../match/create-tar.ts";
import { encodeJsonAnswer, encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const SLUG = "com.docker.compose.slug";

/** compose cuts the first digit of a random number's 64 off, and zeros before it: `hex(number)[2:-1]`. */
const ID_OF_63 = "fa97f3c5c135d1ea980d22de6645ecd082d5db6a63ebcc23a1b1dd1eb284ef0";
const ID_OF_62 = "6d7bef0dfa47e632a7e72cb457f87b1a951c7b8d5707063b993bcc7a166b07";
const nameOf = (id: string): string => `tide_web_run_${id.slice(0, 12)}`;
const answerFor = (id: string): string => `{"Id":"1","Name":"${nameOf(id)}","Slug":"${id}"}`;

const recorded = (id: string): string => `---
request:
  line: POST /v1.41/containers/create?name=${nameOf(id)}
  json-bare: {"Image":"alpine","Labels":{"${SLUG}":"${id}"}}
response:
  status: 201 Created
  headers: {Content-Type: application/json}
  json: ${answerFor(id)}
`;
const asked = (id: string): Buffer =>
  encodeJsonRequest(`POST /v1.41/containers/create?name=${nameOf(id)}`, { Image: "alpine", Labels: { [SLUG]: id } });

test("`docker-compose run` generates an id of at most 63 digits, and a name from its first twelve", async () => {
  const client = new Theatre(recorded(ID_OF_63)).client();
  await client.sends(asked(ID_OF_62));
  await client.hears(encodeJsonAnswer("201 Created", `${answerFor(ID_OF_62)}\n`));
});

test("under `exact: [made-up-values]` that id is compared, too", async () => {
  const client = new Theatre(recorded(ID_OF_63), { rules: { exact: ["made-up-values"] } }).client();
  await client.sends(asked(ID_OF_62));
  expect(await client.hearsUpTo("}\n")).toContain("501 Not Implemented");
});

test("testcontainers' session may be a number without a letter, in the recording or today", async () => {
  const created = (session: string): string => `---
request:
  line: POST /v1.41/containers/create
  json-bare: {"Image":"alpine","Labels":{"org.testcontainers":"true","org.testcontainers.session-id":"${session}"}}
response:
  status: 201 Created
  headers: {Content-Type: application/json}
  json: {"Id":"1","Session":"${session}"}
`;
  for (const [was, is] of [
    ["870403082891", "870403082999"],
    ["870403082891", "e9b5084b5708"],
  ] as const) {
    const client = new Theatre(created(was)).client();
    const Labels = { "org.testcontainers": "true", "org.testcontainers.session-id": is };
    await client.sends(encodeJsonRequest("POST /v1.41/containers/create", { Image: "alpine", Labels }));
    await client.hears(encodeJsonAnswer("201 Created", `{"Id":"1","Session":"${is}"}\n`));
  }
});

test("a replay returns today's config-hash label, so that compose does not recreate containers", async () => {
  const HASH = "com.docker.compose.config-hash";
  const [was, is] = ["3f1c0a9b".repeat(8), "90e2b7a6".repeat(8)];
  const listed = `---
request: GET /v1.41/containers/json
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json: [{"Labels":{"${HASH}":"${was}"}}]
`;
  const created = recorded(ID_OF_63).replace(SLUG, HASH).replace(`{"${HASH}":"${ID_OF_63}"}`, `{"${HASH}":"${was}"}`);
  const client = new Theatre(created + listed).client();
  await client.sends(
    encodeJsonRequest(`POST /v1.41/containers/create?name=${nameOf(ID_OF_63)}`, {
      Image: "alpine",
      Labels: { [HASH]: is },
    }),
  );
  await client.hears(encodeJsonAnswer("201 Created", `${answerFor(ID_OF_63)}\n`));
  await client.sends(request("GET /v1.41/containers/json"));
  await client.hears(encodeJsonAnswer("200 OK", `[{"Labels":{"${HASH}":"${is}"}}]\n`));
});

test("an image with a generated tag is found by today's tag", async () => {
  const tagged = `---
request: POST /v1.41/images/alpine/tag?repo=app&tag=3f1c0a9be2d4
response: 201 Created
---
request: GET /v1.41/images/app:3f1c0a9be2d4/json
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json: {"RepoTags":["app:3f1c0a9be2d4"]}
`;
  const client = new Theatre(tagged).client();
  await client.sends(request("POST /v1.41/images/alpine/tag?repo=app&tag=90e2b7a6c4d8"));
  expect(await client.hearsUpTo("\r\n\r\n")).toContain("201 Created");
  await client.sends(request("GET /v1.41/images/app:90e2b7a6c4d8/json"));
  await client.hears(encodeJsonAnswer("200 OK", '{"RepoTags":["app:90e2b7a6c4d8"]}\n'));
});

test("docker CLI 20.10 writes the binds of one temporary folder in another order each time", async () => {
  const bindsBelow = (folder: string): readonly string[] => [`${folder}/a:/a`, `${folder}/b:/b:ro`, `${folder}:/c`];
  const [was, is] = ["/tmp/test-binds-2268943216", "/tmp/test-binds-628194158"];
  const client = new Theatre(`---
request:
  line: POST /v1.41/containers/create
  json-bare: {"HostConfig":{"Binds":${JSON.stringify(bindsBelow(was))}}}
response:
  status: 201 Created
  headers: {Content-Type: application/json}
  json: {"Id":"${was}"}
`).client();
  const Binds = [...bindsBelow(is)].reverse();
  await client.sends(encodeJsonRequest("POST /v1.41/containers/create", { HostConfig: { Binds } }));
  await client.hears(encodeJsonAnswer("201 Created", `{"Id":"${is}"}\n`));
});

test("docker cp sends a link into a folder that the client has made up", async () => {
  const archive = (folder: string): Promise<Buffer> => createTar([{ name: "link", linkname: `${folder}/some` }]);
  const line = "PUT /v1.41/containers/web/archive?path=%2Fvol";
  const recordedTar = (await archive("/tmp/to-dir-999694937")).toString("base64");
  const theatre = new Theatre(`---
request:
  line: ${line}
  headers: {Content-Type: application/x-tar}
  base64: "${recordedTar}"
response:
  status: 200 OK
`);
  const body = await archive("/tmp/to-dir-3463200504");
  const answer = await theatre.asks(request(line, { headers: ["Content-Type: application/x-tar"], body }));
  expect(answer).toContain("200 OK");
  expect(theatre.misses).toEqual([]);
});
