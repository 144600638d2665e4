/**
 * A recorded session, and requests of which one thing each is broken: every one is a miss, and the first difference
 * that is named is what was broken (issue 3).
 */
import { expect, test } from "vitest";
import { createTar, type PackedFile } from "../match/create-tar.ts";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const ID = "3f1c0a9be2d4".padEnd(64, "0");
const WEB = {
  Image: "alpine:3.20",
  Cmd: ["sh", "-c", "echo hi"],
  Env: ["A=1", "B=2"],
  Labels: { "org.example.team": "blue" },
  HostConfig: { Memory: 67108864, PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] }, AutoRemove: false },
  NetworkingConfig: { EndpointsConfig: { net: { Aliases: ["web"] } } },
};
const DB = {
  ...WEB,
  Image: "postgres:16",
  Cmd: ["postgres"],
  Env: ["PASSWORD=x"],
  Labels: { "org.example.team": "red" },
};
const FILES: readonly PackedFile[] = [
  { name: "Dockerfile", text: "FROM alpine\n" },
  { name: "src/run.sh", text: "echo hi\n", mode: 0o755 },
  { name: "README", text: "read me\n" },
];

const CREATE = "POST /v1.41/containers/create?name=web&platform=linux%2Famd64";
const LIST = `GET /v1.41/containers/json?all=1&filters=${encodeURIComponent('{"label":["org.example.team=blue"]}')}`;
const BUILD = "POST /v1.41/build?t=app%3A1&q=1";

function exchange(line: string, body = "", answer = "204 No Content"): string {
  return `---\nrequest:\n  line: ${line}\n${body === "" ? "" : `  ${body}\n`}response:\n  status: ${answer}\n`;
}

const json = (value: unknown): string => `json-bare: ${JSON.stringify(value)}`;
const answer = (value: unknown, status = "200 OK"): string => `${status}\n  json: ${JSON.stringify(value)}`;

async function session(): Promise<string> {
  const tar = `base64: "${(await createTar(FILES)).toString("base64")}"`;
  return [
    exchange("GET /v1.41/images/alpine:3.20/json", "", answer({ Id: "sha256:1" })),
    exchange(BUILD, tar, answer({ stream: "built" })),
    exchange(CREATE, json(WEB), answer({ Id: ID }, "201 Created")),
    exchange("POST /v1.41/containers/create?name=db", json(DB), answer({ Id: "1".repeat(64) }, "201 Created")),
    exchange(LIST, "", answer([])),
    exchange("PUT /v1.41/containers/web/archive?path=%2Ftmp", tar, "200 OK"),
    exchange(`POST /v1.41/containers/${ID}/start`),
    exchange("POST /v1.41/containers/web/exec", json({ Cmd: ["ls"], Tty: true }), answer({ Id: "e" }, "201 Created")),
    exchange("GET /v1.41/containers/web/json?size=1", "", answer({ Id: ID })),
    exchange(`POST /v1.41/containers/${ID}/stop?t=5`),
    exchange("POST /v1.41/networks/net/connect", json({ Container: "web" })),
    exchange("DELETE /v1.41/containers/web?v=1&force=1"),
    exchange("GET /v1.41/volumes/{name}?verbose=1", "", answer({ Name: "{name}" })),
  ].join("");
}

/** The first difference that the miss names, after the requests that come before it in every run. */
async function firstDifference(broken: Buffer): Promise<string> {
  const theatre = new Theatre(await session());
  const client = theatre.client();
  await client.sends(encodeJsonRequest(CREATE, WEB));
  await client.hearsUpTo("}\n");
  await client.sends(broken);
  expect(await client.hearsUpTo("}\n")).toMatch(/^HTTP\/1\.1 501 Not Implemented\r\n/);
  const [miss] = theatre.misses;
  const [first] = miss?.nearest?.differences ?? [];
  if (first === undefined) return `${miss?.code}`;
  expect(miss?.message).toContain(`\n    ${first.field} `);
  return `${first.field}: ${first.recorded} -> ${first.got}`;
}

async function upload(line: string, files: readonly PackedFile[]): Promise<Buffer> {
  return request(line, { headers: ["Content-Type: application/x-tar"], body: await createTar(files) });
}

const db = (changes: object): Buffer =>
  encodeJsonRequest("POST /v1.41/containers/create?name=db", { ...DB, ...changes });
const changed = (name: string, change: Partial<PackedFile>): readonly PackedFile[] =>
  FILES.map((file) => (file.name === name ? { ...file, ...change } : file));

test.each<[string, Buffer | Promise<Buffer>, string | RegExp]>([
  ["another image", db({ Image: "postgres:17" }), "json.Image: postgres:16 -> postgres:17"],
  ["a member more", db({ User: "root" }), "json.User: undefined -> root"],
  ["a member less", db({ NetworkingConfig: undefined }), /^json\.NetworkingConfig: \{.*\} -> undefined$/],
  [
    "a nested number",
    db({ HostConfig: { ...DB.HostConfig, Memory: 2 ** 30 } }),
    "json.HostConfig.Memory: 67108864 -> 1073741824",
  ],
  [
    "a number as text",
    db({ HostConfig: { ...DB.HostConfig, Memory: "67108864" } }),
    'json.HostConfig.Memory: 67108864 -> "67108864"',
  ],
  [
    "another flag",
    db({ HostConfig: { ...DB.HostConfig, AutoRemove: true } }),
    "json.HostConfig.AutoRemove: false -> true",
  ],
  [
    "another port",
    db({ HostConfig: { ...DB.HostConfig, PortBindings: { "80/tcp": [{ HostPort: "9090", HostIp: "" }] } } }),
    'json.HostConfig.PortBindings.80/tcp: [{"HostIp":"","HostPort":"8080"}] -> [{"HostIp":"","HostPort":"9090"}]',
  ],
  [
    "another value in Env",
    db({ Env: ["PASSWORD=y"] }),
    'json.Env: ["PASSWORD=<redacted:1>"] -> ["PASSWORD=<redacted:2>"]',
  ],
  [
    "more in Env",
    db({ Env: ["B=2", "PASSWORD=x"] }),
    'json.Env: ["PASSWORD=<redacted:1>"] -> ["B=2","PASSWORD=<redacted:1>"]',
  ],
  ["another command", db({ Cmd: ["postgres", "-d"] }), 'json.Cmd: ["postgres"] -> ["postgres","-d"]'],
  ["another label", db({ Labels: { "org.example.team": "green" } }), "json.Labels.org.example.team: red -> green"],
  [
    "another alias",
    db({ NetworkingConfig: { EndpointsConfig: { net: { Aliases: ["db"] } } } }),
    'json.NetworkingConfig.EndpointsConfig.net.Aliases: ["web"] -> ["db"]',
  ],
  ["another name", encodeJsonRequest("POST /v1.41/containers/create?name=cache", DB), "query.name: db -> cache"],
  ["no name", encodeJsonRequest("POST /v1.41/containers/create", DB), "query.name: db -> undefined"],
  ["a parameter more", encodeJsonRequest("POST /v1.41/containers/create?name=db&x=1", DB), "query.x: undefined -> 1"],
  ["no body", request("POST /v1.41/containers/create?name=db"), "body: JSON -> undefined"],
  [
    "an order that matters",
    encodeJsonRequest("POST /v1.41/containers/web/exec", { Cmd: ["-l", "ls"], Tty: true }),
    'json.Cmd: ["ls"] -> ["-l","ls"]',
  ],
  [
    "another container in a body",
    encodeJsonRequest("POST /v1.41/networks/net/connect", { Container: "db" }),
    "json.Container: web -> db",
  ],
  ["another filter", request(LIST.replace("blue", "red")), /^query\.filters: .*blue.* -> .*red/],
  ["no filter", request("GET /v1.41/containers/json?all=1"), /^query\.filters: .*blue.* -> undefined$/],
  ["no `all`", request(LIST.replace("all=1&", "")), "query.all: 1 -> undefined"],
  ["another patience, by another of its names", request("POST /v1.41/containers/web/stop?t=10"), "query.t: 5 -> 10"],
  [
    "another container in a path",
    request("GET /v1.41/containers/cache/json?size=1"),
    "path: /containers/web/json -> /containers/cache/json",
  ],
  [
    "another image in a path",
    request("GET /v1.41/images/alpine:3.21/json"),
    "path: /images/alpine:3.20/json -> /images/alpine:3.21/json",
  ],
  [
    "a path that no daemon knows",
    request("GET /v1.41/containers/web/jsn?size=1"),
    "path: /containers/web/json -> /containers/web/jsn",
  ],
  ["another method", request("POST /v1.41/containers/web/json?size=1"), "method: GET -> POST"],
  ["another method that there is", request("GET /v1.41/containers/web?v=1&force=1"), "method: DELETE -> GET"],
  ["another version of the API", request("GET /v1.43/containers/web/json?size=1"), "version: 1.41 -> 1.43"],
  [
    "another version, with a body",
    encodeJsonRequest("POST /v1.43/containers/web/exec", { Cmd: ["ls"], Tty: true }),
    "version: 1.41 -> 1.43",
  ],
  ["no version", request("DELETE /containers/web?v=1&force=1"), "version: 1.41 -> undefined"],
  ["another parameter of a pattern", request("GET /v1.41/volumes/data?verbose=2"), "query.verbose: 1 -> 2"],
  ["a missing file", upload(BUILD, FILES.slice(0, 2)), /^tar\.README: file 644 \w{8} -> undefined$/],
  ["a file more", upload(BUILD, [...FILES, { name: "new" }]), /^tar\.new: undefined -> file 644 \w{8}$/],
  [
    "another content",
    upload(BUILD, changed("src/run.sh", { text: "echo ho\n" })),
    /^tar\.src\/run\.sh: file 755 \w{8} -> file 755 \w{8}$/,
  ],
  [
    "another mode",
    upload(BUILD, changed("src/run.sh", { mode: 0o644 })),
    /^tar\.src\/run\.sh: file 755 (\w{8}) -> file 644 \1$/,
  ],
  ["another name of a file", upload(BUILD, changed("README", { name: "readme" })), /^tar\.README: /],
  ["another tag", upload(BUILD.replace("1&", "2&"), FILES), "query.t: app:1 -> app:2"],
  [
    "another folder to copy to",
    upload("PUT /v1.41/containers/web/archive?path=%2Fopt", FILES),
    "query.path: /tmp -> /opt",
  ],
  ["no tar at all", request(BUILD), /^body: \d+ bytes of tar \(\w{8}\) -> undefined$/],
  ["a second time", encodeJsonRequest(CREATE, WEB), "WHALESONG_PLAYED_ALREADY"],
])("%s", async (_, broken, expected) => {
  const first = await firstDifference(await broken);
  if (typeof expected === "string") expect(first).toBe(expected);
  else expect(first).toMatch(expected);
});
