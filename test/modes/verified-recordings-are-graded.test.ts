/** A recording is played to a live daemon again: what drifted is found, with its grade, and nothing is left behind. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DriftKind } from "../../src/compare/grade-differences.ts";
import { type MockDocker, mockDocker } from "../../src/modes/mock-docker.ts";
import { record } from "../../src/modes/record.ts";
import { prepareVerification, type VerifyReport } from "../../src/modes/verify.ts";

const folder = mkdtempSync(join(tmpdir(), "whalesong-test-"));
const RECORDED = join(folder, "recorded.yaml");
const POLICY = { allowsChanges: true, touchesExisting: false };
let docker: MockDocker;
let recorded = "";

beforeAll(async () => {
  docker = await mockDocker({ engine: "28" });
  await recordSession();
  recorded = readFileSync(RECORDED, "utf8");
});
afterAll(async () => {
  await docker.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A container's life, as `docker run` and `docker inspect` ask for it. */
async function recordSession(): Promise<void> {
  const server = await record({ cassette: RECORDED, upstream: docker });
  const socketPath = server.url.replace("unix://", "");
  const ask = async (method: string, path: string, json?: unknown): Promise<string> => {
    const body = json === undefined ? "" : JSON.stringify(json);
    const headers = json === undefined ? {} : { "Content-Type": "application/json", "Content-Length": body.length };
    return new Promise((resolve, reject) => {
      const sent = request({ socketPath, method, path, headers, agent: false }, (answer) => resolve(text(answer)));
      sent.on("error", reject).end(body);
    });
  };
  await ask("GET", "/_ping");
  await ask("GET", "/v1.51/info");
  await ask("POST", "/v1.51/volumes/create", { Name: "data" });
  const { Id } = JSON.parse(
    await ask("POST", "/v1.51/containers/create?name=web", {
      Image: "busybox",
      Cmd: ["sh", "-c", "echo up; exit 3"],
      HostConfig: { Binds: ["data:/data"] },
    }),
  );
  await ask("POST", `/v1.51/containers/${Id}/start`);
  await ask("POST", `/v1.51/containers/${Id}/wait`);
  await ask("GET", "/v1.51/containers/web/json");
  await ask("GET", `/v1.51/containers/${Id}/logs?stdout=1`);
  await ask("GET", "/v1.51/containers/json?all=1");
  await ask("DELETE", "/v1.51/containers/web");
  await ask("GET", "/v1.51/containers/web/json");
  await ask("DELETE", "/v1.51/volumes/data");
  await server.stop();
}

async function verifyText(cassetteText: string, policy = POLICY): Promise<VerifyReport> {
  const cassette = join(folder, "drifted.yaml");
  writeFileSync(cassette, cassetteText);
  return prepareVerification({ cassette, upstream: docker, ...policy }, (verification) => verification.run());
}

function listDrifts({ verified }: VerifyReport): readonly string[] {
  return verified.flatMap(({ differences }) =>
    differences.map(({ grade, what, field }) => `${grade}: ${what}: ${field}`),
  );
}

test("a recording that is still true has no drift, whatever ids and times the daemon makes", async () => {
  const report = await verifyText(recorded);
  expect(listDrifts(report)).toEqual([]);
  expect(report).toMatchObject({ skipped: [], left: [] });
  expect(report.verified).toHaveLength(12);
});

/** The recording is changed, so that the daemon's answer is what drifted. */
const DRIFTS: readonly (readonly [grade: string, what: DriftKind, field: RegExp, from: string | RegExp, to: string])[] =
  [
    ["info", "field came", /body\.State\.Dead/, "      Dead: false\n", ""],
    ["info", "field came", /body\.HostConfig\.AutoRemove/, "      AutoRemove: false\n", ""],
    ["info", "field came", /body\.Config\.Labels/, /\n {6}Labels: \{\}/, ""],
    [
      "info",
      "value changed",
      /body\.Path|body\.Config\.WorkingDir/,
      '      WorkingDir: ""\n',
      '      WorkingDir: "/srv"\n',
    ],
    ["info", "value changed", /body\.State\.ExitCode/, "      ExitCode: 3\n", "      ExitCode: 4\n"],
    ["info", "item went", /body\[\/other\]/, "    - Id: ", '    - Id: "0"\n      Names: [/other]\n    - Id: '],
    ["warn", "enumeration changed", /body\.State\.Status/, "      Status: exited\n", "      Status: stopped\n"],
    ["warn", "enumeration changed", /body\.State\.Running/, "      Running: false\n", "      Running: true\n"],
    ["warn", "type changed", /body\.RestartCount/, "    RestartCount: 0\n", '    RestartCount: "0"\n'],
    ["warn", "output changed", /stdout/, 'stdout: "up\\n"', 'stdout: "UP\\n"'],
    ["error", "field gone", /body\.State\.Health/, "    State:\n", "    State:\n      Health: {Status: healthy}\n"],
    ["error", "field gone", /body\.Mode/, "    RestartCount: 0\n", "    RestartCount: 0\n    Mode: fast\n"],
    [
      "error",
      "field gone",
      /headers\.x-tide/,
      /(POST \/v1\.51\/containers\/create[\s\S]*?headers: \{)/,
      "$1X-Tide: low, ",
    ],
    ["error", "status changed", /status/, /(\/start\n[\s\S]*?)204 No Content/, "$1304 Not Modified"],
    ["error", "status changed", /status/, /(DELETE \/v1\.51\/volumes\/data\n[\s\S]*?)204 No Content/, "$1200 OK"],
  ];

describe("a planted drift is found with its grade", () => {
  test.each(DRIFTS)("%s: %s in %s", async (grade, what, field, from, to) => {
    const drifted = recorded.replace(from, to);
    expect(drifted).not.toBe(recorded);
    const drifts = listDrifts(await verifyText(drifted));
    expect(drifts).toHaveLength(1);
    expect(drifts[0]).toMatch(new RegExp(`^${grade}: ${what}: .*${field.source}`));
  });
});

describe("a verification is safe", () => {
  test("what it makes has a name of its own, and is gone in the end", async () => {
    const before = docker.engine.containers.size;
    const withoutEnd = recorded.slice(0, recorded.indexOf("---\nrequest: DELETE /v1.51/containers/web"));
    const { left, verified } = await verifyText(withoutEnd);
    expect(left).toEqual([]);
    expect(verified.length).toBeGreaterThan(8);
    expect(docker.engine.containers.size).toBe(before);
  });

  test("of what it did not make, it changes nothing without consent", async () => {
    const prune =
      "---\nrequest: POST /v1.51/containers/prune\nresponse: 200 OK\n---\nrequest: POST /v1.51/containers/mine/kill\nresponse: 204 No Content\n";
    const { skipped, verified } = await verifyText(recorded + prune);
    expect(skipped.map(({ skippedBecause }) => skippedBecause)).toEqual([
      "it changes what others have made",
      "it changes what the recording did not make",
    ]);
    expect(verified).toHaveLength(12);
  });

  test("that only reads leaves out what it would have to make", async () => {
    const { verified, skipped } = await verifyText(recorded, { allowsChanges: false, touchesExisting: false });
    expect(verified.map(({ entry }) => entry.target)).toEqual([
      "/_ping",
      "/v1.51/info",
      "/v1.51/containers/json?all=1",
    ]);
    expect(skipped).toHaveLength(9);
  });
});
