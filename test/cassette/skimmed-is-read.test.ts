/** What is skimmed to be looked at has the values that are read. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Exchange } from "../../src/cassette/model.ts";
import { skimJsonBlocks } from "../../src/cassette/read/skim-json.ts";
import { openCassette } from "../../src/cassette/read.ts";
import { formatExchange } from "../../src/cassette/write.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDERS = ["cassettes", "test/clients", "examples"];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
).filter((path) => path.endsWith(".yaml") && !path.includes("node_modules"));

/** JSON bodies by their values. */
function toValues(exchange: Exchange): unknown {
  const toValue = (_key: string, value: unknown): unknown => {
    const isBytes = typeof value === "object" && value !== null && "type" in value && value.type === "Buffer";
    return isBytes ? parseBytes(Buffer.from((value as unknown as { data: number[] }).data)) : value;
  };
  return JSON.parse(JSON.stringify(exchange, toValue));
}

function parseBytes(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return bytes.toString("base64");
  }
}

describe("skimExchange", () => {
  test.each(files)("%s", (path) => {
    for (const entry of openCassette(readFileSync(join(ROOT, path)), path).entries) {
      expect(toValues(entry.skimExchange())).toEqual(toValues(entry.readExchange()));
    }
  });

  test("any JSON that the writer writes", () => {
    const body = fc.oneof(
      fc.object({
        maxDepth: 4,
        key: fc.string(),
        values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)],
      }),
      fc.json(),
    );
    fc.assert(
      fc.property(body, (value) => {
        const json = typeof value === "string" ? value : JSON.stringify(value);
        const exchange: Exchange = {
          request: { method: "GET", target: "/", headers: [] },
          response: { status: 200, reason: "OK", headers: [], body: Buffer.from(`${json}\n`) },
        };
        const text = `whalesong: 1\n${formatExchange(exchange)}`;
        const [entry] = openCassette(Buffer.from(text), "c.yaml").entries;
        expect(toValues(entry?.skimExchange() as Exchange)).toEqual(toValues(entry?.readExchange() as Exchange));
      }),
    );
  });

  test("the same exchange under another name and of another thing", () => {
    const text =
      'whalesong: 1\n---\nname: a\nrequest: POST /containers/x/start\nresponse: "204"\n---\nname: b\nrequest: POST /containers/y/start\nresponse: "204"\n---\nrequest: GET /containers/y/start\nresponse: "204"\n';
    for (const entry of openCassette(Buffer.from(text), "c.yaml").entries)
      expect(entry.skimExchange()).toEqual(entry.readExchange());
  });

  test.each([
    ["in the response", (json: string) => `request: GET /a\nresponse:\n  status: 200 OK\n  json: ${json}\n`],
    ["in the request", (json: string) => `request:\n  line: POST /a\n  json: ${json}\nresponse: none\n`],
    [
      "in both",
      (json: string) => `request:\n  line: POST /a\n  json: ${json}\nresponse:\n  status: "200"\n  json: [${json}]\n`,
    ],
    ["without a line end", (json: string) => `request: GET /a\nresponse:\n  status: "200"\n  json-bare: ${json}\n`],
    ["in turned order", (json: string) => `response:\n  status: "200"\n  json: ${json}\nrequest: GET /a\n`],
    ["that is YAML", (json: string) => `request: GET /a\nresponse:\n  status: "200"\n  json: {a: ${json}}\n`],
  ])("other JSON %s", (_where, write) => {
    const texts = ['{"a":1}', '{"a": [2]}', "{}"].map((json) => `---\n${write(json)}`);
    for (const entry of openCassette(Buffer.from(`whalesong: 1\n${texts.join("")}`), "c.yaml").entries)
      expect(entry.skimExchange()).toEqual(entry.readExchange());
  });
});

const FILLER =
  "    Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n";

describe("skimJsonBlocks", () => {
  test.each([
    ["A: b", '"A":"b"'],
    ["A: 1.5", '"A":1.5'],
    ["A: True", '"A":true'],
    ["A:", '"A":null'],
    ['A: [a b, -c, sha256:d, 1, "x, y"]', '"A":["a b","-c","sha256:d",1,"x, y"]'],
    ["A: {b: c, d: {}}", '"A":{"b":"c","d":{}}'],
    ["A:\n      - b: c\n        d: e\n      - f", '"A":[{"b":"c","d":"e"},"f"]'],
    ["A:\n      -\n        - b", '"A":[["b"]]'],
  ])("%j", (lines, member) => {
    const json = skimJsonBlocks(`request: GET /\nresponse:\n  status: 200 OK\n  json:\n${FILLER}    ${lines}\n`).split(
      "\n",
    )[3];
    expect(json).toMatch(/^ {2}json: \{"Filler":"a+",/);
    expect(json).toContain(member);
  });

  test.each([
    "A: 'b'",
    "A: |\n      b",
    "A: &b c",
    "A: *b",
    "A: ~",
    "A: 0x1f",
    "A: b # c",
    "# c",
    "? a",
    "A: b\n      c",
    'A: "\\e"',
    "A: [b, [c]]x",
    "A: .5",
  ])("leaves to the parser: %j", (lines) => {
    const text = `request: GET /\nresponse:\n  status: 200 OK\n  json:\n${FILLER}    ${lines}\n`;
    expect(skimJsonBlocks(text)).toBe(text);
  });
});
