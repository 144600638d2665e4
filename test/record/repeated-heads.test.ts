/** A head that comes again is neither parsed nor searched nor described again, and stands in the cassette as if it were. */
import { expect, test } from "vitest";
import { describeHead } from "../../src/cassette/response-head.ts";
import { HeadMemory } from "../../src/record/decode/head-memory.ts";
import { RepeatedHeads } from "../../src/record/write/repeated-heads.ts";
import { Redactor, type RedactorOptions } from "../../src/secrets/redactor.ts";
import { parseRequestHead, parseResponseHead } from "../../src/wire/http/head.ts";
import { encodeHead, encodeJsonAnswer, encodeJsonRequest, request } from "../playbook/http.ts";
import { Studio, type StudioExchange } from "../playbook/studio.ts";

const LATE = "late-4d6a8c0e-x";
const LEARNED: StudioExchange = [
  encodeJsonRequest("POST /v1.41/containers/create", { Env: [`DB_PASSWORD=${LATE}`] }),
  encodeJsonAnswer("201 Created", "{}\n"),
];

/** @param note stands in the head of the answer, and in the target */
function ping(note: string, status = "200 OK"): StudioExchange {
  const fields = ["Api-Version: 1.41", `X-Note: ${note}`, "Content-Length: 2"];
  return [request(`GET /v1.41/info?note=${note}`), `${encodeHead(`HTTP/1.1 ${status}`, fields)}OK`];
}

async function record(exchanges: readonly StudioExchange[]): Promise<readonly string[]> {
  const studio = new Studio();
  await studio.recordExchanges(exchanges);
  await studio.finish();
  return studio.store.text.split(/^---\n/m).slice(1);
}

test("each document of a poll is what it is in a recording of its own", async () => {
  const polled = [ping("a"), ping("a"), ping("b"), ping("a", "500 Broken"), ping("a"), ping("b")];
  const apart = await Promise.all(polled.map((exchange) => record([exchange])));
  expect(await record(polled)).toEqual(apart.flat());
});

test("what becomes known between two equal heads is taken out of both", async () => {
  const documents = await record([ping(LATE), ping(LATE), LEARNED, ping(LATE), ping(LATE)]);
  expect(documents).toHaveLength(5);
  expect(documents.filter((text) => text.includes(LATE))).toEqual([]);
});

test("equal heads of a connection are one object, and what cannot be parsed is an error each time", () => {
  const memory = new HeadMemory(parseResponseHead);
  const read = (start: string): unknown => memory.read(Buffer.from(encodeHead(start, ["A: b"])));
  const first = read("HTTP/1.1 200 OK");
  expect(read("HTTP/1.1 200 OK")).toBe(first);
  expect(read("HTTP/1.1 201 OK")).toMatchObject({ status: 201 });
  for (let time = 0; time < 2; time += 1) expect(() => read("nonsense")).toThrow(/cannot read the response head/);
  const others = Array.from({ length: 9 }, (_, at) => read(`HTTP/1.1 20${at} OK`));
  expect(others.map((head) => (head as { status: number }).status)).toEqual(others.map((_, at) => 200 + at));
});

const HEAD = parseResponseHead(Buffer.from(encodeHead("HTTP/1.1 200 OK", ["A: plain", "Server: Docker/20.10"])));
const TOKEN = `ghp_${"a1B2".repeat(9)}`;
const SECRET = parseResponseHead(Buffer.from(encodeHead("HTTP/1.1 200 OK", [`A: ${TOKEN}`])));

test.each<{
  what: string;
  head?: typeof HEAD;
  options?: RedactorOptions;
  operation?: string;
  expects?: string;
  isRemembered: boolean;
}>([
  { what: "of the same operation", isRemembered: true },
  { what: "of another operation", operation: "SystemAuth", isRemembered: false },
  { what: "that comes after something has become known", expects: "a-new-secret", isRemembered: false },
  { what: "with a secret", head: SECRET, isRemembered: false },
  { what: "where a function decides", options: { rules: [() => false] }, isRemembered: false },
])("the head of an answer $what: remembered $isRemembered", (row) => {
  const { head = HEAD, options, operation = "SystemInfo", expects, isRemembered } = row;
  const redactor = new Redactor(options);
  const heads = new RepeatedHeads(redactor);
  const first = heads.redactAnswer(head, "SystemInfo");
  if (expects !== undefined) redactor.expect(expects);
  const again = heads.redactAnswer(head, operation);
  expect(again === first).toBe(isRemembered);
  expect(again).toEqual(new RepeatedHeads(redactor).redactAnswer(head, operation));
  expect(JSON.stringify(again)).not.toContain(TOKEN);
});

test("a target in which something has become known is searched again", () => {
  const redactor = new Redactor();
  const heads = new RepeatedHeads(redactor);
  const head = parseRequestHead(Buffer.from(encodeHead(`GET /info?note=${LATE} HTTP/1.1`, ["Host: d"])));
  expect([1, 2].map(() => heads.redactTarget(head, "SystemInfo"))).toEqual([head.target, head.target]);
  redactor.expect(LATE);
  expect(heads.redactTarget(head, "SystemInfo")).not.toContain(LATE);
});

test("a description is that of its context: the method, the operation, the size of the body, the common fields", () => {
  const heads = new RepeatedHeads(new Redactor());
  const observed = { status: 200, reason: "OK", fields: HEAD.fields, framing: "chunked", isHijack: false } as const;
  const context = { method: "GET", operation: "SystemInfo", asksClose: false, everyResponse: [], bodySize: 3000 };
  const contexts = [
    context,
    { ...context, bodySize: 2 },
    { ...context, everyResponse: [["Server", "Docker/20.10"]] as [string, string][] },
    { ...context, method: "HEAD" },
    context,
  ];
  for (const each of contexts) expect(heads.describe(observed, each)).toEqual(describeHead(observed, each));
  for (const framing of ["length", "none"] as const)
    expect(heads.describe({ ...observed, framing }, context)).toEqual(describeHead({ ...observed, framing }, context));
});
