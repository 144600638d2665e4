import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { insertCassette } from "../../src/integrations/insert-cassette.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess } from "./run-in-process.ts";

const CASSETTE = `whalesong: 1
---
request:
  line: POST /v1.41/containers/create?name=web
  headers: {X-Tenant: a}
  json: {Image: busybox, Cmd: [cat], Labels: {a.b: c}, HostConfig: {Mounts: [{Type: bind}]}}
response:
  status: 201 Created
  json: {Id: x}
`;
const CREATE = `
const { request } = require("node:http");
const socketPath = process.env.DOCKER_HOST.slice("unix://".length);
const headers = { "Content-Type": "application/json", "X-Tenant": "a" };
const body = { Image: "busybox", Cmd: ["cat"], Labels: { "a.b": "c" }, HostConfig: { Mounts: [{ Type: "bind" }] } };
request({ socketPath, method: "POST", path: "/v1.41/containers/create?name=web", headers }, (r) => r.resume())
  .end(JSON.stringify({ ...body, User: "root" }));
`;

describe("a rule of the command line that matched nothing is told at the end", () => {
  test.each([
    ["--ignore", "json.Cmdd", true],
    ["--ignore", "query.nam", true],
    ["--ignore", "json.HostConfig.Memory", true],
    ["--bind", "json.Imag", true],
    ["--ignore", "json.Cmd", false],
    ["--ignore", "query.name", false],
    ["--ignore", 'json.Labels["a.b"]', false],
    ["--ignore", "json.HostConfig.Mounts.Type", false],
    ["--bind", "json.Image", false],
    ["--ignore", "tar.no/such/file", false],
    ["--match", "X-Tenan", true],
    ["--match", "x-tenant", false],
  ])("%s %s: %s", async (flag, field, isTold) => {
    const folder = createTemporaryFolder();
    const cassette = join(folder, "run.yaml");
    writeFileSync(cassette, CASSETTE);
    // What only the client sends is ignored, too: json.User is no recorded part.
    const words = ["replay", cassette, "--ignore", "json.User", flag, field, "--", process.execPath, "-e", CREATE];
    const { status, stderr } = await runInProcess(...words);
    expect(stderr.match(/^whalesong: .* matched nothing.*$/gm) ?? []).toEqual(
      isTold
        ? [expect.stringMatching(`^whalesong: ${flag} ${field} matched nothing: no (?:recorded )?request has this`)]
        : [],
    );
    expect(status).toBe(0);
  });

  test.each([
    ["query.name", "first, second", false],
    ["query.size", "first, second", false],
    ["query.size", "second, first", false],
    ["query.sise", "first, second", true],
  ])("--bind %s, of the cassettes %s: %s", async (field, order, isTold) => {
    const folder = createTemporaryFolder();
    const cassettes = order.split(", ").map((name) => join(folder, `${name}.yaml`));
    writeFileSync(join(folder, "first.yaml"), CASSETTE);
    writeFileSync(
      join(folder, "second.yaml"),
      "whalesong: 1\n---\nrequest: GET /v1.41/containers/web/json?size=1\nresponse: 404 Not Found\n",
    );
    const words = ["replay", ...cassettes, "--ignore", "json.User", "--bind", field];
    const { stderr } = await runInProcess(...words, "--", process.execPath, "-e", CREATE);
    expect(/ matched nothing/.test(stderr)).toBe(isTold);
  });
});

describe("a rule of a header that matched nothing is told at the end", () => {
  test.each([
    ["ignore: [json.User, json.Cmdd]", "2:21  `ignore: json.Cmdd` matched nothing: no request has this part"],
    [
      "ignore: [json.User, headers.user-agent]",
      "2:21  `ignore: headers.user-agent` matched nothing: of headers, only those in `match` are compared",
    ],
    ["ignore:\n  - json.User\n  - query.nam", "4:5  `ignore: query.nam` matched nothing: no request has this part"],
    ["ignore: [json.User, Cmd]", "2:21  `ignore: Cmd` matched nothing: it names no part of requests"],
    ["ignore: json.User\nbind: {a: json.Imag}", "3:11  `bind: json.Imag` matched nothing: no request has this part"],
    ["ignore: json.User\nmatch: X-Tenan", "3:8  `match: X-Tenan` matched nothing: no recorded request has this header"],
    [
      'ignore: json.User\nports: {81/tcp: {greets: "hi"}}',
      "3:17  `ports: 81/tcp` matched nothing: no recorded container has this port",
      "--ports",
    ],
    ['ignore: json.User\nports: {81/tcp: {greets: "hi"}}', undefined],
    ["ignore: [json.User, query.name, json.Image]\nbind: [b: json.Image]\nmatch: x-tenant", undefined],
    ["ignore: [json.User, tar.no/such/file]\nredact: [NO_SUCH]\npresets: [compose]", undefined],
  ])("%s", async (rules, told, ...flags: string[]) => {
    const cassette = join(createTemporaryFolder(), "run.yaml");
    writeFileSync(cassette, CASSETTE.replace("---", `${rules}\n---`));
    const words = ["replay", cassette, ...flags, "--", process.execPath, "-e", CREATE];
    const { status, stderr } = await runInProcess(...words);
    expect(stderr.match(/^ {2}unused rule.*$/gm) ?? []).toEqual(
      told === undefined ? [] : [`  unused rule  ${cassette}:${told}`],
    );
    expect([status, stderr]).toEqual([0, expect.stringContaining("1 of 1 replayed")]);
  });

  test("a place is told below comments and a ---, and a part of a request that did not come is no misspelt one", async () => {
    const cassette = join(createTemporaryFolder(), "run.yaml");
    const header = "# of a test\n---\nwhalesong: 1\nignore: [query.t, json.Cmd]\n";
    writeFileSync(cassette, CASSETTE.replace("whalesong: 1\n", header));
    const { stderr } = await runInProcess("replay", cassette, "--", "true");
    expect(stderr.match(/unused rule {2}.*/g)).toEqual([
      `unused rule  ${cassette}:4:10  \`ignore: query.t\` matched nothing: no request has this part`,
    ]);
  });

  test("a test that is not as recorded is told with its misses", async () => {
    const cassette = join(createTemporaryFolder(), "run.yaml");
    writeFileSync(cassette, CASSETTE.replace("---", "ignore: json.Usr\n---"));
    const inserted = await insertCassette(cassette, { mode: "replay" });
    const failure = await inserted.settle().catch((error: Error) => error.message);
    expect(failure).toContain(`Rules that did nothing:\n  ${cassette}:2:9  \`ignore: json.Usr\` matched nothing`);
  });
});
