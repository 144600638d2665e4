/** A cassette has no secrets. What a client sends in the place of one is what it is answered with today. */
import { describe, expect, test } from "vitest";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const encode = (text: string): string => Buffer.from(text).toString("base64");

interface SecretCase {
  readonly line: string;
  /** The request's body, with a secret or its placeholder. */
  readonly send: (secret: string) => unknown;
  readonly read: string;
  readonly answer: (secret: string) => unknown;
  readonly placeholder?: string;
  readonly today?: string;
}

const create = "POST /v1.41/containers/create?name=web";
const sendEnv = (secret: string): unknown => ({ Image: "busybox", Env: ["A=b", `PASSWORD=${secret}`] });
const showEnv = (secret: string): unknown => ({ Config: { Env: [`PASSWORD=${secret}`, "PATH=/bin"] } });
const inspect = "GET /v1.41/containers/web/json";

const CASES: readonly (readonly [string, SecretCase])[] = [
  ["in the environment", { line: create, send: sendEnv, read: inspect, answer: showEnv }],
  ["of another alphabet", { line: create, send: sendEnv, read: inspect, answer: showEnv, today: "schlüssel" }],
  [
    "in base64, as the data of a config",
    {
      line: "POST /v1.41/configs/create",
      send: (Data) => ({ Name: "conf", Data }),
      read: "GET /v1.41/configs/conf",
      answer: (Data) => ({ ID: "x1", Spec: { Name: "conf", Data } }),
      placeholder: encode("<redacted:1>"),
      today: encode("conf\n"),
    },
  ],
  [
    "in a URL",
    {
      line: create,
      send: (secret) => ({ Image: "busybox", Env: [`URL=redis://me:${secret}@db`] }),
      read: inspect,
      answer: (secret) => ({ Config: { Env: [`URL=redis://me:${secret}@db`] } }),
      placeholder: "%3Credacted:1%3E",
      today: "p%40ss",
    },
  ],
];

function record({ line, send, read, answer, placeholder = "<redacted:1>" }: SecretCase): string {
  const body = JSON.stringify(send(placeholder));
  return `---
request:
  line: ${line}
  json: ${body}
response:
  status: 201 Created
  json: {"Id":"x1"}
---
request: ${read}
response:
  status: 200 OK
  json: ${JSON.stringify(answer(placeholder))}
`;
}

function bodyOf(answer: string): unknown {
  const bytes = Buffer.from(answer.slice(answer.indexOf("\r\n\r\n") + 4), "latin1");
  return JSON.parse(bytes.toString("utf8"));
}

describe("today's secret stands in the answer", () => {
  test.each(CASES)("%s", async (_, one) => {
    const { line, send, read, answer, today = "hunter2-of-today" } = one;
    const theatre = new Theatre(record(one));
    await theatre.asks(encodeJsonRequest(line, send(today)));
    expect(bodyOf(await theatre.asks(request(read)))).toEqual(answer(today));
    expect(theatre.report).toMatchObject({ missed: [], unplayed: [] });
  });
});

describe("the placeholder stays", () => {
  const [, ENV] = CASES[0] as (typeof CASES)[number];
  test.each([
    ["that JSON would escape", 'say "hi"'],
    ["that is the placeholder itself", "<redacted:1>"],
  ])("for a secret %s", async (_, today) => {
    const theatre = new Theatre(record(ENV));
    await theatre.asks(encodeJsonRequest(ENV.line, ENV.send(today)));
    expect(bodyOf(await theatre.asks(request(ENV.read)))).toEqual(ENV.answer("<redacted:1>"));
  });

  test("of another secret", async () => {
    const recorded = record(ENV).replace("PATH=/bin", "TOKEN=<redacted:2>");
    const theatre = new Theatre(recorded);
    await theatre.asks(encodeJsonRequest(ENV.line, ENV.send("hunter2-of-today")));
    const answer = await theatre.asks(request(ENV.read));
    expect(bodyOf(answer)).toEqual({ Config: { Env: ["PASSWORD=hunter2-of-today", "TOKEN=<redacted:2>"] } });
  });

  test("in the same secret's mask, whose length counts elsewhere", async () => {
    const theatre = new Theatre(record(ENV).replace("PATH=/bin", "X=<redacted:1>****"));
    await theatre.asks(encodeJsonRequest(ENV.line, ENV.send("hunter2-of-today")));
    const answer = await theatre.asks(request(ENV.read));
    expect(bodyOf(answer)).toEqual({ Config: { Env: ["PASSWORD=hunter2-of-today", "X=<redacted:1>****"] } });
  });
});

test("two secrets stay two, and logs have them as well", async () => {
  const create2 = "POST /v1.41/containers/create?name=web";
  const cassette = `---
request:
  line: ${create2}
  json: {"Image":"busybox","Env":["PASSWORD=<redacted:1>","TOKEN=<redacted:2>"]}
response:
  status: 201 Created
  json: {"Id":"x1"}
---
request: GET /v1.41/containers/web/logs?stdout=1
response:
  status: 200 OK
stream:
  - stdout: "<redacted:2> and <redacted:1>\\n"
`;
  const theatre = new Theatre(cassette);
  const sent = { Image: "busybox", Env: ["PASSWORD=one-of-today", "TOKEN=two-of-today"] };
  await theatre.asks(encodeJsonRequest(create2, sent));
  expect(await theatre.asks(request("GET /v1.41/containers/web/logs?stdout=1"))).toContain(
    "two-of-today and one-of-today\n",
  );
});

test.each([
  ["of one line", "one-of-today", "one-of-today"],
  ["with a line's end", "one-of-today\n", "one-of-today"],
])("the data of a secret %s is read again as text", async (_, today, text) => {
  const cassette = `---
request:
  line: POST /v1.41/secrets/create
  json: {"Name":"s","Data":"${encode("<redacted:1>")}"}
response:
  status: 201 Created
  json: {"ID":"x1"}
---
request: GET /v1.41/containers/web/logs?stdout=1
response:
  status: 200 OK
stream:
  - stdout: "<redacted:1>;"
`;
  const theatre = new Theatre(cassette);
  await theatre.asks(encodeJsonRequest("POST /v1.41/secrets/create", { Name: "s", Data: encode(today) }));
  expect(await theatre.asks(request("GET /v1.41/containers/web/logs?stdout=1"))).toContain(`${text};`);
});
