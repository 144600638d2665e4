/** What is skimmed to be looked at has the values that are read. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Exchange, StreamEvent } from "../../src/cassette/model.ts";
import { skimJsonBlocks } from "../../src/cassette/read/skim-json.ts";
import { skimStream } from "../../src/cassette/read/skim-stream.ts";
import { openCassette } from "../../src/cassette/read.ts";
import { formatExchange } from "../../src/cassette/write.ts";
import { anyCharacter } from "./arbitrary-bytes.ts";

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
      expect(toValues(entry.skim().exchange)).toEqual(toValues(entry.readExchange()));
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
        expect(toValues(entry?.skim().exchange as Exchange)).toEqual(toValues(entry?.readExchange() as Exchange));
      }),
    );
  });

  test.each([
    ["a separator of lines", "x\u2028y\n"],
    ["a line of Windows", "x\r\n"],
    ["a line of Windows between others", "x\r\n    b: 2\n"],
    ["a line of Windows in a list", "\n      - x\r\n      - y\n"],
    ["a carriage return", "x\ry\n"],
  ])("JSON whose block has %s", (_, value) => {
    const toDocument = (key: string): string =>
      `---\nrequest: GET /a\nresponse:\n  status: 200 OK\n  json:\n    ${key}: ${value}`;
    const { entries } = openCassette(Buffer.from(`whalesong: 1\n${["a", "c"].map(toDocument).join("")}`), "c.yaml");
    for (const entry of entries) expect(toValues(entry.skim().exchange)).toEqual(toValues(entry.readExchange()));
  });

  test("the same exchange under another name and of another thing", () => {
    const text =
      'whalesong: 1\n---\nname: a\nrequest: POST /containers/x/start\nresponse: "204"\n---\nname: b\nrequest: POST /containers/y/start\nresponse: "204"\n---\nrequest: GET /containers/y/start\nresponse: "204"\n';
    for (const entry of openCassette(Buffer.from(text), "c.yaml").entries)
      expect(entry.skim().exchange).toEqual(entry.readExchange());
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
      expect(entry.skim().exchange).toEqual(entry.readExchange());
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

/** The events of a document with this stream, skimmed; undefined where they are left to the parser. */
function skimEvents(stream: string): readonly StreamEvent[] | undefined {
  return skimStream(`${STREAM_HEAD}stream:\n${stream}`, new Set(["start"]))?.events;
}

const STREAM_HEAD = "request: GET /a\nresponse:\n  status: 200 OK\n";

function readStream(stream: string): readonly StreamEvent[] | undefined {
  const named = "name: start\nrequest: GET /b\nresponse: none\n";
  const text = `whalesong: 1\n---\n${named}---\n${STREAM_HEAD}stream:\n${stream}`;
  return openCassette(Buffer.from(text), "c.yaml").entries[1]?.readExchange().stream;
}

describe("skimStream", () => {
  test.each([
    '  - stdout: "a\\n"\n',
    '  - stderr: "\\u00e9 é \\"x\\" \\\\ \\t"\n    joined: true\n',
    '  - echo: "a"\n  - systemerr: "b"\n  - tty: "c\\r\\n"\n  - text: "d"\n  - stdin: "e"\n',
    "  - stdout: |\n      a\n        b: c\n\n      # d\n    frames: lines\n  - wait: 50ms\n",
    '  - stdout: "abcd"\n    frames: [1x2, 2]\n    joined: true\n',
    '  - progress: {"a":[1]}\n  - jsonl: {"a":1}\n    joined: true\n  - json-seq: [1]\n',
    "  - wait: 1.5s\n  - cue: start\n  - mark: said\n  - until: said\n  - eof: client\n  - hold\n  - cut\n  - reset\n",
  ])("reads what the parser reads: %j", (stream) => {
    expect(skimEvents(stream)).toEqual(readStream(stream));
  });

  test.each([
    '  - stdout: "a\\e"\n',
    "  - stdout: a\n",
    "  - stdout: 'a'\n",
    '  - stdout: "a" # b\n',
    '  - stdout: "a\n      b"\n',
    "  - stdout: |\n       a\n      b\n",
    "  - stdout: |\n      a\n\n  - wait: 1s\n",
    "  - stdout: |-\n      a\n",
    "  - stdout: |\n      a\n  # b\n",
    "  - stdout: {base64: YQ==}\n",
    '  - stdout: "a"\n    frames: [2]\n',
    '  - stdout: "a"\n    frames: lines\n    frames: lines\n',
    '  - stdout: "a"\n    other: 1\n',
    '  - stdout: "a"\n    stderr: "b"\n',
    "  - tty: |\n      a\n    frames: lines\n",
    '  - progress: {"a":}\n',
    "  - cue: nothing\n",
    "  - wait: soon\n",
    "  - eof: nobody\n",
    "  - file: {path: a, size: 1, sha256: b}\n",
    "  - stdin: {redacted: 3}\n",
    "\n  - hold\n",
    "  - hold\nname: b\n",
  ])("leaves to the parser: %j", (stream) => {
    expect(skimEvents(stream)).toBeUndefined();
  });

  test("any stream that the writer writes", () => {
    const payload = fc.oneof(
      fc.string({ unit: anyCharacter, minLength: 1 }),
      fc
        .array(fc.constantFrom("a", " b", "", "# c", "- d", "e: f", "---", "é", "\t"), { minLength: 1 })
        .map((lines) => `${lines.join("\n")}\n`),
    );
    const event = fc.oneof(
      fc
        .record({ stream: fc.constantFrom("stdout" as const, "stderr" as const), payload })
        .map((frame): StreamEvent => ({ kind: "frames", stream: frame.stream, payload: Buffer.from(frame.payload) })),
      fc
        .record({ isTty: fc.boolean(), payload })
        .map((bytes): StreamEvent => ({ kind: "bytes", isTty: bytes.isTty, bytes: Buffer.from(bytes.payload) })),
      payload.map((text): StreamEvent => ({ kind: "stdin", content: Buffer.from(text) })),
      fc.integer({ min: 1, max: 100_000 }).map((ms): StreamEvent => ({ kind: "wait", ms })),
      fc.jsonValue().map(
        (value): StreamEvent => ({
          kind: "message",
          dialect: "progress",
          json: Buffer.from(JSON.stringify({ value })),
        }),
      ),
    );
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 8 }), (stream) => {
        const exchange: Exchange = {
          request: { method: "GET", target: "/", headers: [] },
          response: { status: 200, reason: "OK", headers: [] },
          stream,
        };
        const [entry] = openCassette(Buffer.from(`whalesong: 1\n${formatExchange(exchange)}`), "c.yaml").entries;
        expect(entry?.skim().exchange).toEqual(entry?.readExchange());
      }),
    );
  });
});
