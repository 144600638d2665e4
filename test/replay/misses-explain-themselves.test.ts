import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { FieldDifference } from "../../src/match/compare-requests.ts";
import { formatNoMatch } from "../../src/replay/misses/miss-text.ts";
import { encodeJsonRequest, request, upgradeRequest } from "../playbook/http.ts";
import { packTar } from "../playbook/tarred.ts";
import { Theatre } from "../playbook/theatre.ts";

const CREATED = `---
name: create
request:
  line: POST /v1.41/containers/create?name=web
  json-bare: {"Image":"alpine:3.20","Cmd":["cat"]}
response:
  status: 201 Created
  json: {"Id":"1"}
`;
const CREATE = { Image: "alpine:3.20", Cmd: ["cat"] };
const LISTED = `---
request: GET /v1.41/containers/json?all=1
response:
  status: 200 OK
  json: []
`;

async function missOf(
  question: Buffer | string,
  cassettes: string | readonly string[] = CREATED + LISTED,
): Promise<{ head: string; body: string; theatre: Theatre }> {
  const theatre = new Theatre(cassettes);
  const client = theatre.client();
  await client.sends(question);
  await client.closesItsHalf();
  const [head = "", body = ""] = (await client.hearsAll()).split("\r\n\r\n");
  return { head, body, theatre };
}

test.each([
  ["mock of Docker Engine 28.5.2", "whalesong record --mode append --upstream mock run.yaml -- COMMAND"],
  ["Docker Engine 28.5.2", "whalesong record --mode append run.yaml -- COMMAND"],
])("what was recorded from `%s` offers to record that", async (from, line) => {
  const cassette = `whalesong: 1\nrecorded: {from: "${from}"}\n${CREATED}`;
  const { body } = await missOf(request("GET /v1.41/info"), cassette);
  expect(JSON.parse(body).message).toContain(`record it:         ${line}\n`);
  const { theatre } = await missOf(encodeJsonRequest("POST /v1.41/containers/create?name=web", CREATE), cassette);
  const again = await theatre.asks(encodeJsonRequest("POST /v1.41/containers/create?name=web", CREATE));
  expect(again).toContain(`record it:               ${line}`);
});

test("a miss names the nearest exchange, how it differs, and the ways out that apply", async () => {
  const { head, body } = await missOf(
    encodeJsonRequest("POST /v1.41/containers/create?name=db", { Image: "postgres:16", Cmd: ["cat"] }),
  );
  expect(head).toBe(
    `HTTP/1.1 501 Not Implemented\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`,
  );
  expect(JSON.parse(body).message.split("\n")).toEqual([
    'POST /v1.41/containers/create?name=db is not as recorded (run.yaml:5, "create")',
    "",
    "    query.name  recorded web   got db",
    "    json.Image  recorded alpine:3.20   got postgres:16",
    "",
    "You can",
    "  - record it:         whalesong record --mode append run.yaml -- COMMAND",
    "  - ignore the fields: add  ignore: [query.name, json.Image]  to the header of the cassette",
    "[WHALESONG_NO_MATCH]  whalesong help WHALESONG_NO_MATCH",
  ]);
});

test("the nearest is the one that differs least", async () => {
  const other = CREATED.replace("name: create", "name: other").replace("name=web", "name=db").replace("cat", "sh");
  const { theatre } = await missOf(
    encodeJsonRequest("POST /v1.41/containers/create?name=db", { Image: "alpine:3.20", Cmd: ["ls"] }),
    CREATED + other,
  );
  expect(theatre.misses[0]?.nearest).toMatchObject({
    name: "other",
    differences: [{ field: "json.Cmd", recorded: '["sh"]', got: '["ls"]' }],
  });
});

test("if nothing similar was recorded, the miss says so and suggests no rule", async () => {
  const { body } = await missOf(request("GET /v1.41/volumes"));
  expect(body).toContain("GET /v1.41/volumes was never recorded in run.yaml");
  expect(body).not.toContain("ignore");
});

test("an exchange of another API version does not answer", async () => {
  const { theatre } = await missOf(request("GET /v1.18/containers/json?all=1"));
  expect(theatre.misses[0]?.nearest?.differences).toEqual([{ field: "version", recorded: "1.41", got: "1.18" }]);
});

test("the miss names all cassettes", async () => {
  const { body } = await missOf(request("GET /v1.41/volumes"), [CREATED, LISTED]);
  expect(body).toContain("GET /v1.41/volumes was never recorded in run.yaml, run-2.yaml");
});

describe("a miss has the form of dockerd's errors", () => {
  test("as text under API 1.24", async () => {
    const { head, body } = await missOf(request("GET /v1.23/volumes"));
    expect(head).toContain("Content-Type: text/plain; charset=utf-8\r\n");
    expect(body).toMatch(
      /^GET \/v1\.23\/volumes was never recorded in run\.yaml\n[\s\S]+\[WHALESONG_NO_MATCH\] {2}whalesong help WHALESONG_NO_MATCH\n$/,
    );
  });

  test("as JSON without a version", async () => {
    const { head } = await missOf(request("GET /volumes"));
    expect(head).toContain("Content-Type: application/json\r\n");
  });

  test("without a body for HEAD", async () => {
    const { head, body } = await missOf(request("HEAD /v1.41/containers/web/archive?path=/"));
    expect(head).toMatch(/^HTTP\/1\.1 501 /);
    expect(body).toBe("");
  });

  test("on a request for an upgrade", async () => {
    const { head, body } = await missOf(upgradeRequest("POST /v1.41/containers/web/attach"));
    expect(head).toMatch(/^HTTP\/1\.1 501 /);
    expect(body).toContain("WHALESONG_NO_MATCH");
  });

  test("at once to a client that still uploads, and the connection is closed", async () => {
    const { head, body } = await missOf(
      "PUT /v1.41/containers/web/archive?path=/ HTTP/1.1\r\nHost: docker\r\nContent-Length: 1000000\r\n\r\nbeginning",
    );
    expect(head).toContain("\r\nConnection: close");
    expect(body).toContain("WHALESONG_NO_MATCH");
  });
});

test("misses are listed in the report, in order", async () => {
  const theatre = new Theatre(CREATED);
  const client = theatre.client();
  for (const target of ["/a", "/b"]) {
    await client.sends(request(`GET ${target}`));
    await client.hearsUpTo("}\n");
  }
  expect(theatre.report.missed.map(({ code, method, target }) => `${code} ${method} ${target}`)).toEqual([
    "WHALESONG_NO_MATCH GET /a",
    "WHALESONG_NO_MATCH GET /b",
  ]);
});

describe("of two equal requests", () => {
  const create = (name: string, image: string): string =>
    CREATED.replace("name: create", `name: ${name}`).replace("alpine:3.20", image);
  const ask = (image: string): Buffer =>
    encodeJsonRequest("POST /v1.41/containers/create?name=web", { Image: image, Cmd: ["cat"] });

  test("the one that may still be played is nearer, and expected next", async () => {
    const theatre = new Theatre(create("first", "one") + create("second", "two"));
    await theatre.asks(ask("one"));
    await theatre.asks(ask("three"));
    expect(theatre.misses[0]).toMatchObject({
      nearest: { name: "second", differences: [{ field: "json.Image", recorded: "two", got: "three" }] },
      expected: { name: "second", request: "POST /v1.41/containers/create?name=web" },
    });
  });

  test("a request that was played already names the request that is expected instead", async () => {
    const theatre = new Theatre(create("first", "one") + create("second", "two"));
    await theatre.asks(ask("one"));
    expect(await theatre.asks(ask("one"))).toContain('Expected next was run.yaml:13, \\"second\\"');
    expect(theatre.misses[0]).toMatchObject({ code: "WHALESONG_PLAYED_ALREADY", expected: { name: "second" } });
  });

  test("after the last change, nothing is expected", async () => {
    const theatre = new Theatre(create("first", "one"));
    await theatre.asks(ask("one"));
    expect(await theatre.asks(ask("one"))).not.toContain("Expected");
  });
});

test("where files of a tar differ, the rule names them", async () => {
  const context = (files: Readonly<Record<string, string>>): Buffer => packTar({ Dockerfile: "FROM x\n", ...files });
  const recorded = `---\nrequest:\n  line: POST /v1.41/build?t=app\n  headers: {Content-Type: application/x-tar}\n  base64: ${context({ "a,b.txt": "1", "v.txt": "1" }).toString("base64")}\nresponse: 200 OK\n`;
  const { body } = await missOf(
    request("POST /v1.41/build?t=app", {
      headers: ["Content-Type: application/x-tar"],
      body: context({ "a,b.txt": "2", "v.txt": "2" }),
    }),
    recorded,
  );
  const { message } = JSON.parse(body);
  expect(message).toContain(
    `  - ignore the fields: add  ignore: ["tar.a,b.txt", tar.v.txt]  to the header of the cassette`,
  );
  expect(message).not.toContain("accept any value");
  const header = 'whalesong: 1\nignore: ["tar.a,b.txt", tar.v.txt]\n';
  const theatre = new Theatre(header + recorded);
  const sent = request("POST /v1.41/build?t=app", {
    headers: ["Content-Type: application/x-tar"],
    body: context({ "a,b.txt": "2", "v.txt": "2" }),
  });
  expect(await theatre.asks(sent)).toContain(" 200 OK");
});

describe("the text of a miss", () => {
  const NEAREST = { place: "run.yaml:5", name: undefined };
  const differs = (field: string, recorded?: string, got?: string): FieldDifference => ({ field, recorded, got });
  const FACTS = { method: "POST", target: "/x", files: ["run.yaml"], expected: undefined };

  test.each([
    [
      "a query that repeats the body",
      [differs("query.Tty", "a", "b"), differs("json.Tty", "a", "b")],
      "query.Tty  rec",
    ],
    ["a bind of one name for two parts", [differs("query.Tty", "a", "b"), differs("json.Tty", "a", "b")], "query.Tty}"],
    ["a bind that changes every true", [differs("json.Tty", "true", "false")], "bind:"],
    [
      "a bind that leaves the query as it was",
      [differs("query.Cmd", "a", "c"), differs("json.Cmd", "a", "b")],
      "bind:",
    ],
    ["a bind of what was recorded as nothing", [differs("json.Tty", undefined, "true")], "bind:"],
    ["what is expected next, if it is the nearest", [differs("json.Tty", "a", "b")], "Expected next"],
  ] as const)("has no %s", (_what, differences, text) => {
    const expected = { ...NEAREST, request: "POST /x" };
    const facts = { method: "POST", target: "/x", files: ["run.yaml"], nearest: { ...NEAREST, differences }, expected };
    expect(formatNoMatch(facts)).toContain("ignore: [");
    expect(formatNoMatch(facts)).not.toContain(text);
  });

  test("has a bind that YAML understands, for one part alone", () => {
    const { place, name } = NEAREST;
    const format = (...differences: readonly FieldDifference[]): string =>
      formatNoMatch({ ...FACTS, nearest: { place, name, differences } });
    const [, bind = ""] = /add {2}(bind: .*?) {2}to/.exec(format(differs("json.Labels.a b,c", "a", "b"))) ?? [];
    expect(parse(bind)).toEqual({ bind: { "a b,c": "json.Labels.a b,c" } });
    expect(format(differs("json.Tty", "a", "b"), differs("json.Cmd", "a", "b"))).not.toContain("bind:");
  });

  test.each([
    ["a text", "User", "me", "you"],
    ["a list", "Cmd", ["echo", "hi"], ["echo", "HELLO"]],
    ["a longer list", "Cmd", ["echo", "hi"], ["echo", "hi", "ho"]],
    ["a number within", "HostConfig", { Memory: 100 }, { Memory: 200 }],
  ] as const)("has a bind for %s that the query repeats, and it works", async (_what, member, was, is) => {
    const toText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
    const ask = (value: unknown): Buffer =>
      encodeJsonRequest(`POST /v1.41/containers/create?${member}=${encodeURIComponent(toText(value))}`, {
        [member]: value,
      });
    const recorded = `---\nrequest:\n  line: POST /v1.41/containers/create?${member}=${encodeURIComponent(toText(was))}\n  json-bare: ${JSON.stringify({ [member]: was })}\nresponse: 201 Created\n`;
    const { body } = await missOf(ask(is), recorded);
    const [, bind = ""] = /add {2}(bind: .*?) {2}to/.exec(JSON.parse(body).message) ?? [];
    expect(bind).toMatch(/^bind: \{\w+: json\.[\w.]+\}$/);
    expect(await new Theatre(`whalesong: 1\n${bind}\n${recorded}`).asks(ask(is))).toContain(" 201 Created");
  });

  test("has the cassette's path as a shell reads it", () => {
    const facts = { ...FACTS, files: ["my runs/a.yaml"], nearest: undefined };
    expect(formatNoMatch(facts)).toContain("whalesong record --mode append 'my runs/a.yaml' -- COMMAND\n");
  });

  test("has the command that was run", () => {
    const facts = { method: "GET", target: "/x", files: ["a.yaml"], nearest: undefined, expected: undefined };
    const recordCommand = "whalesong run --mode append a.yaml -- docker ps";
    const commands = { recordCommand, recordAnewCommand: "whalesong record a.yaml -- docker ps" };
    expect(formatNoMatch({ ...facts, commands })).toContain(`record it:         ${recordCommand}\n`);
    const nearest = {
      name: undefined,
      place: "a.yaml:3",
      differences: [{ field: "version", recorded: "1.50", got: "1.51" }],
    };
    expect(formatNoMatch({ ...facts, nearest, commands })).toContain(
      "record it anew:    whalesong record a.yaml -- docker ps\n",
    );
    expect(formatNoMatch({ ...facts, nearest, commands: { recordCommand: "npx vitest run" } })).toContain(
      "record it anew:    npx vitest run\n",
    );
  });
});
