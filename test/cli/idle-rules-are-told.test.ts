import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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
