import http from "node:http";
import { gzipSync } from "node:zlib";
import Docker from "dockerode";
import nock from "nock";
import { describe, expect, onTestFinished, test } from "vitest";
import { replayCassettes } from "../../src/modes/replay.ts";
import { goldenPath } from "../golden/cassettes.ts";
import { importFixture } from "./import-fixture.ts";

nock.restore();

const SCOPE = "http://localhost:80";

interface Definition {
  readonly [member: string]: unknown;
}

function definition(more: Definition): Definition {
  return { scope: SCOPE, method: "GET", path: "/v1.41/containers/json", status: 200, response: "", ...more };
}

async function responseBody(more: Definition): Promise<string> {
  const { exchanges } = await importFixture([definition(more)]);
  return (exchanges[0]?.response?.body as Buffer | undefined)?.toString("latin1") ?? "";
}

async function requestBody(body: unknown): Promise<string | undefined> {
  const { exchanges } = await importFixture([definition({ method: "POST", path: "/v1.41/containers/create", body })]);
  return (exchanges[0]?.request.body as Buffer | undefined)?.toString("latin1");
}

describe("the body of a response", () => {
  const gzip = gzipSync("packed\n").toString("hex");
  const binary = Buffer.from([0xff, 0x00, 0xfe]);

  test.each([
    ["text", { response: "plain\n" }, "plain\n"],
    ["JSON, of which a line end was lost", { response: [], rawHeaders: { "content-length": "3" } }, "[]\n"],
    ["JSON that never had one", { response: [], rawHeaders: { "content-length": "2" } }, "[]"],
    ["JSON that Go had escaped", { response: { a: "<" }, rawHeaders: ["Content-Length", "15"] }, '{"a":"\\u003c"}\n'],
    ["hex", { response: binary.toString("hex"), responseIsBinary: true }, binary.toString("latin1")],
    ["hex of old versions, which do not say so", { response: binary.toString("hex") }, binary.toString("latin1")],
    ["text that looks like hex", { response: "6162" }, "6162"],
    [
      "gzip in pieces",
      { response: [gzip.slice(0, 10), gzip.slice(10)], rawHeaders: ["Content-Encoding", "gzip"] },
      "packed\n",
    ],
    ["nothing", { status: 204, response: "" }, ""],
  ])("%s", async (_what, more, expected) => {
    expect(await responseBody(more)).toBe(expected);
  });

  test("JSON keeps its numbers and the order of its keys", async () => {
    const text = `[{"scope":"${SCOPE}","path":"/v1.41/info","response":{"2":9223372036854771712,"1":1.0}}]`;
    const { exchanges } = await importFixture(text);
    expect(exchanges[0]?.response?.body?.toString()).toBe('{"2":9223372036854771712,"1":1.0}\n');
  });

  test("a decompressed body has no Content-Encoding", async () => {
    const rawHeaders = ["Content-Encoding", "gzip", "Content-Length", "27", "Server", "Docker/20.10.24 (linux)"];
    const { text } = await importFixture([definition({ response: [gzip], rawHeaders })]);
    expect(text).not.toMatch(/Content-Encoding|27/);
    expect(text).toContain('Content-Length: 7"\n    - "Server: Docker/20.10.24 (linux)"\n  text: "packed\\n"');
  });
});

describe("the body of a request", () => {
  test.each([
    ["JSON", { Image: "busybox" }, '{"Image":"busybox"}'],
    ["text", "a=b", "a=b"],
    ["nothing", "", undefined],
    ["hex", "ff00fe", "\xff\x00\xfe"],
  ])("%s", async (_what, body, expected) => {
    expect(await requestBody(body)).toBe(expected);
  });

  test("that may be any is not compared", async () => {
    const { exchanges } = await importFixture([definition({ method: "POST", path: "/v1.41/build", body: "*" })]);
    expect(exchanges[0]?.request).toMatchObject({ isPartial: true });
  });
});

test("secrets are blanked, as in any recording", async () => {
  const { text } = await importFixture([
    definition({
      method: "POST",
      path: "/v1.41/auth",
      body: { username: "ann", password: "hunter2" },
      response: { Status: "Login Succeeded", IdentityToken: "t0ps3cret" },
    }),
    definition({
      method: "POST",
      path: "/v1.41/images/create?fromImage=a",
      reqheaders: { "x-registry-auth": "aHVudGVyMg" },
    }),
  ]);
  expect(text).not.toMatch(/hunter2|t0ps3cret|aHVudGVyMg/);
  expect(text.match(/<redacted(?::\d)?>|PHJlZGFjdGVkOj/g)).toHaveLength(3);
});

test("only exchanges with Docker are imported; the others are named", async () => {
  const { exchanges, report } = await importFixture([
    definition({ scope: "https://registry.example:443", path: "/v2/" }),
    definition({ path: "/_ping", response: "OK" }),
    definition({ scope: "http://example.org:80", path: "/version" }),
    definition({ scope: "http://build.example:2375", path: "/version" }),
    definition({ scope: "http://example.org:80", path: "/version", rawHeaders: { "api-version": "1.41" } }),
    definition({ method: "POST", path: "/v1.41/containers/web/attach", status: 101 }),
  ]);
  expect(exchanges.map(({ request }) => request.target)).toEqual(["/_ping", "/version", "/version"]);
  expect(report).toMatchObject({ exchanges: 3, dropped: 0, problem: undefined });
  expect(report.skipped.map(({ request, reason }) => `${request}: ${reason}`)).toEqual([
    "GET registry.example:443/v2/: it is not of the Docker Engine API",
    "GET example.org:80/version: it is not of the Docker Engine API",
    "POST /v1.41/containers/web/attach: it leaves HTTP, and what was said then was not saved",
  ]);
  expect(report.skipped[0]?.place).toMatch(/fixture\.json:2$/);
});

test("a stream is written event by event", async () => {
  const frame = Buffer.from([1, 0, 0, 0, 0, 0, 0, 2, 0x68, 0x0a]);
  const logs = { path: "/v1.41/containers/web/logs?stdout=1", response: Buffer.concat([frame, frame]).toString("hex") };
  const rawHeaders = { "transfer-encoding": "chunked" };
  const { text } = await importFixture([definition({ ...logs, responseIsBinary: true, rawHeaders })]);
  expect(text).toContain("stream:\n  - stdout: |\n      h\n");
});

test("what nock records of a replay replays the same", async () => {
  const original = await replayCassettes({ cassettes: [goldenPath("dockerode-run")], listen: "tcp://127.0.0.1:0" });
  onTestFinished(async () => void (await original.stop()));
  nock.recorder.rec({ dont_print: true, output_objects: true });
  const first = await session(original.url);
  const recorded = nock.recorder.play();
  nock.restore();
  nock.recorder.clear();
  const { cassette, report } = await importFixture(recorded);
  expect(report).toMatchObject({ exchanges: 5, skipped: [], problem: undefined });
  const again = await replayCassettes({ cassettes: [cassette], listen: "tcp://127.0.0.1:0" });
  expect(await session(again.url)).toEqual(first);
  expect(await again.stop()).toMatchObject({ played: 5, missed: [], unplayed: [], problems: [] });
});

/** What a client hears of a pull, a creation and a few reads; one request after the other. */
async function session(url: string): Promise<readonly unknown[]> {
  const { hostname, port } = new URL(url);
  const docker = new Docker({ protocol: "http", host: hostname, port });
  const raw = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const sent = http.get({ host: hostname, port, path }, (answer) => {
        answer.toArray().then((pieces) => resolve(Buffer.concat(pieces).toString("latin1")), reject);
      });
      sent.on("error", reject);
    });
  const pulled = await new Promise((resolve, reject) => {
    docker
      .pull("busybox:latest")
      .then((stream) => docker.modem.followProgress(stream, (_, messages) => resolve(messages)), reject);
  });
  return [
    pulled,
    await docker.ping().then(String),
    await raw("/containers/json?all=true"),
    await raw("/containers/web/json"),
    await docker.listContainers({ all: true }),
  ];
}
