import { describe, expect, test } from "vitest";
import { ALLOWANCES, type Allowance, PRESETS, type PresetName } from "../../src/cassette/rule-names.ts";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const ID = "3f1c0a9be2d4".padEnd(64, "0");
const CREATE = "POST /v1.41/containers/create";
const ANSWER = `response:\n  status: 201 Created\n  json: {"Id":"${ID}","Warnings":[]}\n`;
/** Those for tars have tests of their own (test/match). */
const FOR_TARS: readonly Allowance[] = ["tars", "image-archives", "dockerfile-names"];
const SWITCHABLE: readonly Allowance[] = ALLOWANCES.filter((name) => !FOR_TARS.includes(name));

interface Row {
  readonly recorded: string;
  readonly body?: unknown;
  readonly asked: string;
  readonly today?: unknown;
  /** What was recorded and played before. */
  readonly before?: string;
}

/** By meaning: a request that is answered because of it alone. */
const ROWS: Readonly<Record<string, Row>> = {
  booleans: { recorded: "GET /v1.41/containers/json?all=1", asked: "GET /v1.41/containers/json?all=true" },
  "empty-parameters": { recorded: "GET /v1.41/containers/json", asked: "GET /v1.41/containers/json?filters=" },
  filters: {
    recorded: `GET /v1.41/images/json?filters=${encodeURIComponent('{"label":["a"]}')}`,
    asked: `GET /v1.41/images/json?filters=${encodeURIComponent('{"label":{"a":true}}')}`,
  },
  multisets: { recorded: CREATE, body: { Env: ["A=1", "B=2"] }, asked: CREATE, today: { Env: ["B=2", "A=1"] } },
  "container-names": {
    recorded: "GET /v1.41/containers/web/json",
    asked: `GET /v1.41/containers/${ID.slice(0, 12)}/json`,
    before: `${CREATE}?name=web`,
  },
  "made-up-values": {
    recorded: CREATE,
    body: { Labels: { run: "8c5a7e0e-0df2-4d3c-9a55-5f7a0e1b2c3d" } },
    asked: CREATE,
    today: { Labels: { run: "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed" } },
  },
  signals: {
    recorded: "POST /v1.41/containers/web/kill?signal=INT",
    asked: "POST /v1.41/containers/web/kill?signal=INT",
    before: "POST /v1.41/containers/web/kill?signal=INT",
  },
  "window-changes": { recorded: "GET /v1.41/info", asked: "POST /v1.41/containers/web/resize?h=10&w=20" },
  "window-sizes": {
    recorded: "POST /v1.41/exec/3f1c/start",
    body: { Tty: true, ConsoleSize: [10, 20] },
    asked: "POST /v1.41/exec/3f1c/start",
    today: { Tty: true, ConsoleSize: [11, 22] },
  },
  "build-sessions": {
    recorded: "POST /v1.41/build?buildid=one&t=a",
    asked: "POST /v1.41/build?buildid=two&t=a",
  },
  moments: {
    recorded: "GET /v1.41/containers/web/logs?since=1732060800.123",
    asked: "GET /v1.41/containers/web/logs?since=5",
  },
  checkout: {
    recorded: CREATE,
    body: { Labels: { "com.docker.compose.project.working_dir": "/home/a" } },
    asked: CREATE,
    today: { Labels: { "com.docker.compose.project.working_dir": "/home/b" } },
  },
  "library-versions": {
    recorded: CREATE,
    body: { Labels: { "org.testcontainers.version": "11.14.0" } },
    asked: CREATE,
    today: { Labels: { "org.testcontainers.version": "12.2.0" } },
  },
  "client-releases": {
    recorded: CREATE,
    body: { HostConfig: { Ulimits: null, KernelMemory: 0 } },
    asked: CREATE,
    today: { HostConfig: { Ulimits: [] } },
  },
};

async function isAnswered(
  { recorded, body, asked, today, before }: Row,
  rules: { readonly exact?: readonly Allowance[]; readonly presets?: readonly PresetName[] },
): Promise<boolean> {
  const document = (line: string, json?: unknown): string =>
    json === undefined
      ? `---\nrequest: ${line}\n${ANSWER}`
      : `---\nrequest:\n  line: ${line}\n  json: ${JSON.stringify(json)}\n${ANSWER}`;
  const earlier = before === undefined || before === recorded ? "" : document(before);
  const theatre = new Theatre(`${earlier}${document(recorded, body)}`, { rules });
  if (before !== undefined) await theatre.asks(request(before));
  await theatre.asks(today === undefined ? request(asked) : encodeJsonRequest(asked, today));
  return theatre.misses.length === 0;
}

test("every allowance but those for tars has a row", () => {
  expect(Object.keys(ROWS).sort()).toEqual([...SWITCHABLE].sort());
});

describe.each(SWITCHABLE)("%s", (name) => {
  const row = ROWS[name] as Row;

  test("lets an equivalent request pass", async () => {
    expect(await isAnswered(row, {})).toBe(true);
  });

  test("does not hold where `exact` names it", async () => {
    expect(await isAnswered(row, { exact: [name] })).toBe(false);
  });
});

describe("presets", () => {
  test.each(PRESETS)("without presets, timestamps of %s are compared", async (preset) => {
    const row = ROWS.moments as Row;
    expect(await isAnswered(row, { presets: [] })).toBe(false);
    expect(await isAnswered(row, { presets: [preset] })).toBe(true);
  });

  test.each<[client: string, PresetName]>([
    ["Docker-Client/28.2.2", "docker-cli"],
    ["docker-compose/1.29.2 docker-py/5.0.3", "compose"],
    ["docker-sdk-python/5.0.3", "docker-py"],
  ])("%s is known as %s", (client, preset) => {
    const header = `whalesong: 1\nrecorded: {client: ${client}}\n---\nrequest: GET /_ping\nresponse: 200 OK\n`;
    expect(new Theatre(header).report.presets).toEqual([preset]);
  });

  test("a label of its own shows the client; an empty object shows dockerode", () => {
    const create = `---\nrequest:\n  line: ${CREATE}\n  json: {"Labels":{"org.testcontainers":"true"}}\n${ANSWER}`;
    const start = `---\nrequest:\n  line: POST /containers/web/start\n  json-bare: {}\nresponse: 204 No Content\n`;
    expect(new Theatre(create + start).report.presets).toEqual(["testcontainers", "dockerode"]);
  });

  test("if no client is recognised, the allowances of all hold", () => {
    expect(new Theatre("---\nrequest: GET /_ping\nresponse: 200 OK\n").report.presets).toEqual(PRESETS);
  });
});
