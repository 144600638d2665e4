/** What single clients make up that has no random shape, or not always the same one. */
import { describe, expect, test } from "vitest";
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

interface Upload {
  readonly recorded: Parameters<typeof createTar>[0];
  readonly today: Parameters<typeof createTar>[0];
}

/** An upload of today beside a recorded one, and how many misses there were. */
async function uploads({ recorded, today }: Upload): Promise<{ readonly answer: string; readonly misses: number }> {
  const line = "PUT /v1.41/containers/web/archive?path=%2Fvol";
  const theatre = new Theatre(`---
request:
  line: ${line}
  headers: {Content-Type: application/x-tar}
  base64: "${(await createTar(recorded)).toString("base64")}"
response:
  status: 200 OK
`);
  const body = await createTar(today);
  const answer = await theatre.asks(request(line, { headers: ["Content-Type: application/x-tar"], body }));
  return { answer, misses: theatre.misses.length };
}

const [WAS, IS] = ["tmpnkev5juz", "tmpw1ukqiak"];

describe("an upload", () => {
  test.each<[string, Upload]>([
    [
      "of a link into a folder that docker cp's client has made up",
      {
        recorded: [{ name: "link", linkname: "/tmp/to-dir-999694937/some" }],
        today: [{ name: "link", linkname: "/tmp/to-dir-3463200504/some" }],
      },
    ],
    [
      "of a temporary file of Python",
      { recorded: [{ name: WAS, text: "hello" }], today: [{ name: IS, text: "hello" }] },
    ],
    [
      "of such a file beside others, and in another order",
      {
        recorded: [
          { name: "a", text: "a" },
          { name: `x/${WAS}`, text: "hello" },
        ],
        today: [
          { name: `x/${IS}`, text: "hello" },
          { name: "a", text: "a" },
        ],
      },
    ],
  ])("%s is answered", async (_, upload) => {
    const { answer, misses } = await uploads(upload);
    expect(answer).toContain("200 OK");
    expect(misses).toBe(0);
  });

  test.each<[string, Upload]>([
    ["has other content", { recorded: [{ name: WAS, text: "hello" }], today: [{ name: IS, text: "other" }] }],
    [
      "has another mode",
      { recorded: [{ name: WAS, text: "x", mode: 0o600 }], today: [{ name: IS, text: "x", mode: 0o644 }] },
    ],
    [
      "has a name that was given",
      { recorded: [{ name: "one.txt", text: "x" }], today: [{ name: "two.txt", text: "x" }] },
    ],
    [
      "has a file more",
      {
        recorded: [{ name: WAS, text: "x" }],
        today: [
          { name: IS, text: "x" },
          { name: "more", text: "x" },
        ],
      },
    ],
    [
      "has a version in its name",
      { recorded: [{ name: "app-1.2.3", text: "x" }], today: [{ name: "app-1.2.4", text: "x" }] },
    ],
  ])("that %s is a miss", async (_, upload) => {
    expect(await uploads(upload)).toMatchObject({ answer: expect.stringContaining("501 "), misses: 1 });
  });
});

test("a temporary file that was uploaded is found by its name of today", async () => {
  const line = "PUT /v1.41/containers/web/archive?path=%2Fvol";
  const theatre = new Theatre(`---
request:
  line: ${line}
  headers: {Content-Type: application/x-tar}
  base64: "${(await createTar([{ name: WAS, text: "x" }])).toString("base64")}"
response:
  status: 200 OK
---
request: GET /v1.41/containers/web/logs?stdout=1
response:
  status: 200 OK
  headers: {Content-Type: text/plain}
  text: "/vol/${WAS};"
`);
  const body = await createTar([{ name: IS, text: "x" }]);
  await theatre.asks(request(line, { headers: ["Content-Type: application/x-tar"], body }));
  expect(await theatre.asks(request("GET /v1.41/containers/web/logs?stdout=1"))).toContain(`/vol/${IS};`);
});
