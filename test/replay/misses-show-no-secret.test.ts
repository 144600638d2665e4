/** What a miss prints and answers has no secret of today's request in it, whatever its place. */
import { expect, test } from "vitest";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { HEADER } from "../playbook/studio.ts";
import { Theatre } from "../playbook/theatre.ts";

const SECRET = "live-7f3a91c2e5";
const CREATE = "POST /v1.41/containers/create?name=web";
const JSON_BODY = '{"Image":"a","Env":["A=1"],"Cmd":["x"],"Labels":{}}';
const RECORDED = [
  `---\nrequest:\n  line: POST /v1.41/containers/create?name=web\n  json: ${JSON_BODY}\nresponse: {status: 201 Created, json: {}}\n`,
  "---\nrequest: POST /v1.41/build?t=a&buildargs=%7B%7D\nresponse: 200 OK\n",
].join("");

const body = (more: object): Buffer => encodeJsonRequest(CREATE, { ...JSON.parse(JSON_BODY), ...more });

test.each<[string, Buffer]>([
  ["Env", body({ Env: ["A=2", `DB_PASSWORD=${SECRET}`] })],
  ["labels", body({ Labels: { "my.token": SECRET, other: "x" } })],
  ["a command", body({ Cmd: ["login", "--password", SECRET] })],
  ["a member that was not recorded", body({ AuthConfig: { password: SECRET } })],
  ["a URL", body({ Env: [`HTTP_PROXY=http://me:${SECRET}@proxy`] })],
  [
    "a build argument",
    request(`POST /v1.41/build?t=b&buildargs=${encodeURIComponent(JSON.stringify({ TOKEN: SECRET }))}`),
  ],
  ["a query", request(`POST /v1.41/containers/create?name=web&Env=${encodeURIComponent(`TOKEN=${SECRET}`)}`)],
  ["a method", request(`glpat-${SECRET}-${SECRET} /v1.41/info`)],
  ["a login", encodeJsonRequest("POST /v1.41/auth", { username: "me", password: SECRET })],
])("%s", async (_what, question) => {
  const theatre = new Theatre(`${HEADER}${RECORDED}`);
  const client = theatre.client();
  await client.sends(question);
  const heard = await client.hearsUpTo("help WHALESONG_NO_MATCH");
  expect(theatre.misses).toHaveLength(1);
  expect(JSON.stringify(theatre.misses)).not.toContain(SECRET);
  expect(heard).not.toContain(SECRET);
});

test("each miss counts its secrets from 1", async () => {
  const theatre = new Theatre(`${HEADER}${RECORDED}`);
  for (const secret of [SECRET, `${SECRET}9`]) {
    const asked = await theatre.asks(body({ Env: [`DB_PASSWORD=${secret}`, "A=1"] }));
    expect(String(asked)).toContain("DB_PASSWORD=<redacted:1>");
  }
});
