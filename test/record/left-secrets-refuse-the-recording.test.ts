/** What is still in a recording when it ends refuses it, and says where; what was learned late is taken out before. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { PipelineOptions } from "../../src/record/recording-pipeline.ts";
import type { RecordingReport } from "../../src/record/write/tape.ts";
import { TOKEN_SHAPES } from "../../src/secrets/token-shapes.ts";
import { findCanary } from "../playbook/find-canary.ts";
import { encodeHead, encodeJsonAnswer, encodeJsonRequest, request } from "../playbook/http.ts";
import { Studio, type StudioExchange } from "../playbook/studio.ts";
import { Theatre } from "../playbook/theatre.ts";
import { TOKENS } from "../playbook/tokens.ts";

const LOGS = request("GET /v1.41/containers/web/logs?stdout=1");
const OK = encodeJsonAnswer("200 OK", "{}\n");

function encodeLog(line: string): Buffer {
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(Buffer.byteLength(line), 4);
  const payload = Buffer.concat([head, Buffer.from(line)]);
  const fields = ["Content-Type: application/vnd.docker.raw-stream", `Content-Length: ${payload.length}`];
  return Buffer.concat([Buffer.from(encodeHead("HTTP/1.1 200 OK", fields)), payload]);
}

async function record(exchanges: readonly StudioExchange[], redaction: PipelineOptions["redaction"] = {}) {
  const studio = new Studio({ redaction });
  await studio.recordExchanges(exchanges);
  return { studio, report: await studio.finish() };
}

function messageOf({ problem }: RecordingReport): string {
  return problem instanceof Error ? problem.message : "none";
}

test("there is a token of each shape to try", () => {
  expect(Object.keys(TOKENS)).toEqual(TOKEN_SHAPES.map(({ name }) => name));
});

describe.each(Object.entries(TOKENS))("a log with a %s", (what, token) => {
  const exchanges = [[LOGS, encodeLog(`it is ${token}\n`)]] as const;

  test("is recorded without it", async () => {
    const { studio, report } = await record(exchanges);
    expect(messageOf(report)).toBe("none");
    expect(studio.store.written.flatMap((bytes) => findCanary(bytes, token))).toEqual([]);
    expect(studio.store.text).toMatch(/redacted|cmVkYWN0ZW|JlZGFjdGVk|yZWRhY3RlZ/); // or in base64
  });

  test("is refused where the rule is off, and named by its line", async () => {
    const { studio, report } = await record(exchanges, { rules: ["no-tokens"] });
    expect(report.isKept).toBe(false);
    expect(studio.store.isDiscarded).toBe(true);
    expect(messageOf(report)).toContain(`, in \`GET /v1.41/containers/web/logs?stdout=1\``);
    expect(messageOf(report)).toMatch(new RegExp(`\n  run\\.yaml:\\d+:\\d+: ${what}`));
    expect(messageOf(report)).not.toContain(token.slice(0, 20));
  });

  test.each(["GET /v1.41/containers/web/logs", what])("is kept where %s is allowed", async (allowed) => {
    const { report } = await record(exchanges, { rules: ["no-tokens"], allowed: [allowed] });
    expect(messageOf(report)).toBe("none");
    expect(report.isKept).toBe(true);
  });
});

const token = TOKENS["npm token"] as string;
const tar = Buffer.concat([Buffer.alloc(512), Buffer.from(`TOKEN=${token}\n`), Buffer.alloc(2000)]);

test.each([
  ["a tar", tar, 518],
  ["a tar in gzip", gzipSync(tar), 518],
  ["a tar that is longer than a piece", Buffer.concat([Buffer.alloc(300_000), tar]), 300_518],
])("%s beside the cassette with a token refuses the recording", async (_, body, at) => {
  const headers = ["Content-Type: application/x-tar"];
  const { report } = await record([[request("POST /v1.41/build?t=a", { headers, body }), OK]]);
  expect(messageOf(report)).toMatch(new RegExp(`run/context-[0-9a-f]{8}\\.tar at byte ${at}: npm token`));
});

test("a value that is told after it was written is taken out of what was written", async () => {
  const secret = "late-4d6a8c0e";
  const body = `{"Config":{"Hostname":"${secret}"}}\n`;
  const asked = request("GET /v1.41/containers/web/json");
  const create = encodeJsonRequest("POST /v1.41/containers/create", { Env: [`DB_PASSWORD=${secret}`] });
  const named = request(`GET /v1.41/containers/${secret}/json`);
  const { studio, report } = await record([
    [asked, encodeJsonAnswer("200 OK", body)],
    [named, OK],
    [create, encodeJsonAnswer("201 Created", "{}\n")],
  ]);
  expect(messageOf(report)).toBe("none");
  expect(studio.store.text).not.toContain(secret);
  const theatre = new Theatre(studio.store.text, { sidecars: studio.store.sidecars });
  const client = theatre.client();
  await client.sends(asked);
  await client.hears(encodeJsonAnswer("200 OK", body.replace(secret, "<redacted:1>*")));
  await client.sends(request("GET /v1.41/containers/today-1234/json"));
  await client.hears(OK);
  expect(theatre.misses).toEqual([]);
});
