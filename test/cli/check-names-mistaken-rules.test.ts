import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess } from "./run-in-process.ts";

const EXCHANGE = `---
request:
  line: POST /v1.41/containers/create?name=web
  headers: {X-Tenant: a}
  json: {Image: busybox, Cmd: [cat], Env: ["ACME_ID=<redacted:1>"], HostConfig: {Memory: 0}}
response:
  status: 201 Created
  json: {Id: x}
`;

async function check(rules: string, exchange = EXCHANGE): Promise<{ status: number; remarks: readonly string[] }> {
  const cassette = join(createTemporaryFolder(), "run.yaml");
  writeFileSync(cassette, `whalesong: 1\n${rules}\n${exchange}`);
  const { status, stderr } = await runInProcess("check", cassette);
  const lines = stderr.split("\n").filter((line) => line.includes("matches nothing"));
  return { status, remarks: lines.map((line) => line.trim().replace(`${cassette}:`, "")) };
}

test.each([
  [
    "redact: [ACME_DI]",
    "`redact: ACME_DI` matches nothing: nothing in the recording has this name (did you mean `ACME_ID`?)",
  ],
  ["redact: [tar]", "`redact: tar` matches nothing: nothing in the recording has this name (did you mean `tars`?)"],
  ["redact: [DB_HOST]", "`redact: DB_HOST` matches nothing: nothing in the recording has this name"],
  [
    "redact: [lables]",
    "`redact: lables` matches nothing: nothing in the recording has this name (did you mean `labels`?)",
  ],
  ["redact: [HostConfig.Memroy]", "(did you mean `Memory`?)"],
  ["redact: [no-labls]", "cannot switch off `labls`: there is no such rule of redaction"],
  ["redact: ['/acme(/']", "cannot redact `/acme(/`"],
  [
    "ignore: [query.nane]",
    "`ignore: query.nane` matches nothing: no request has this part (did you mean `query.name`?)",
  ],
  ["ignore: [json.hostConfig.Memory]", "(did you mean `json.HostConfig.Memory`?)"],
  ["ignore: [Cmd]", "it names no part of requests (did you mean `json.Cmd`?)"],
  ["ignore: [jsn.HostConfig.Memory]", "it names no part of requests (did you mean `json.HostConfig.Memory`?)"],
  ["ignore: [headers.x-tenant]", "of headers, only those in `match` are compared"],
  ["bind: {a: json.Imag}", "`bind: json.Imag` matches nothing: no request has this part (did you mean `json.Image`?)"],
  ["bind: {a: json.Labels.x}", "`bind: json.Labels.x` matches nothing: no request has this part"],
  ["match: [X-Tenan]", "no recorded request has this header (did you mean `X-Tenant`?)"],
  ["ports: {81/tcp: {}}", "`ports: 81/tcp` matches nothing: no recorded container has this port"],
])("%s is named", async (rules, remark) => {
  const { status, remarks } = await check(rules);
  expect(remarks).toEqual([expect.stringContaining(remark)]);
  expect(remarks[0]).toMatch(/^2:\d+ /);
  expect(status).toBe(0);
});

test.each([
  // Today's client may send what was not recorded.
  "ignore: [query.t, json.User, json.HostConfig.NanoCpus, tar.no/such, build.target]",
  "ignore: [query.name, json.HostConfig.Memory]",
  "bind: {a: query.name}",
  "match: [x-tenant]",
  "ignore: [headers.X-Tenant]\nmatch: [X-Tenant]",
  "redact: [acme_id, HostConfig.Memory, Image, no-labels, tars, '/acme-[0-9]+/', name, X-Tenant]",
])("%s is not", async (rules) => {
  expect(await check(rules)).toEqual({ status: 0, remarks: [] });
});

test("a label's name may have a slash, or begin with a digit", async () => {
  const json = '{Labels: {com.acme/id: "<redacted:1>", 2fa: "<redacted:2>"}}';
  const create = `---\nrequest: {line: POST /v1.41/volumes/create, json: ${json}}\nresponse: 201 Created\n`;
  expect((await check("redact: [com.acme/id, 2fa]", create)).remarks).toEqual([]);
});

test("names are of any alphabet", async () => {
  const exchange = EXCHANGE.replace("HostConfig:", 'Labels: {größe: "<redacted:2>"}, HostConfig:');
  expect((await check("redact: [größe]", exchange)).remarks).toEqual([]);
  expect((await check("redact: [grösse]", exchange)).remarks).toEqual([
    expect.stringContaining("(did you mean `größe`?)"),
  ]);
});

test("a name in a query that is encoded is one", async () => {
  const line = "request: POST /v1.41/build?buildargs=%7B%22ACME%22%3A%22%3Credacted%3A1%3E%22%7D\nresponse: 200 OK\n";
  expect((await check("redact: [ACME]", `---\n${line}`)).remarks).toEqual([]);
});

test("a long word takes no longer than others", async () => {
  const text = `---\nrequest: GET /info\nresponse: {status: 200 OK, text: ${"a.".repeat(512 * 1024)}}\n`;
  expect((await check("redact: [ACME]", text)).remarks).toHaveLength(1);
}, 30_000);

test("a header without exchanges says nothing yet", async () => {
  expect((await check("redact: [ACME_DI]\nbind: {a: json.Imag}", "")).remarks).toEqual([]);
});

test("the cassettes of the documentation have no such rule", async () => {
  const { stderr } = await runInProcess("check", ".");
  expect(stderr).toContain("good");
  expect(stderr).not.toContain("matches nothing");
});
