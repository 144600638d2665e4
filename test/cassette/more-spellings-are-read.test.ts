import { describe, expect, test } from "vitest";
import type { Exchange } from "../../src/cassette/model.ts";
import { readExchange } from "../../src/cassette/read/exchange.ts";

function read(document: string): Exchange {
  return readExchange({ file: "test.yaml", text: document, firstLine: 1 });
}

describe("more spellings are read than written", () => {
  const same = (loose: string, canonical: string) => expect(read(loose)).toStrictEqual(read(canonical));

  test.each([
    [
      "a request as a map",
      "request: {line: GET /_ping}\nresponse: 200 OK\n",
      "request: GET /_ping\nresponse: 200 OK\n",
    ],
    ["a status as a map", "request: GET /\nresponse: {status: 200 OK}\n", "request: GET /\nresponse: 200 OK\n"],
    ["a status without a reason, unquoted", "request: GET /\nresponse: 200\n", 'request: GET /\nresponse: "200"\n'],
    [
      "a list of one name",
      "during: [a]\nrequest: GET /\nresponse: none\n",
      "during: a\nrequest: GET /\nresponse: none\n",
    ],
    [
      "endings as maps",
      "request: GET /\nresponse: none\nstream: [{reset: true}, cut]\n",
      "request: GET /\nresponse: none\nstream:\n  - reset\n  - cut: true\n",
    ],
    ["an empty stream", "request: GET /\nresponse: none\nstream:\n", "request: GET /\nresponse: none\nstream: []\n"],
    [
      "a head of small maps",
      "request: GET /\nresponse: {status: 200 OK, head: [A: b, A: c]}\n",
      'request: GET /\nresponse: {status: 200 OK, head: ["A: b", [A, c]]}\n',
    ],
    [
      "header values as written",
      "request: {line: GET /, headers: {V: 1.40, B: no}}\nresponse: none\n",
      'request: {line: GET /, headers: {V: "1.40", B: "no"}}\nresponse: none\n',
    ],
    [
      "a terminal's base64 under its verb",
      'request: GET /\nresponse: none\nstream:\n  - tty: {base64: "/w=="}\n',
      'request: GET /\nresponse: none\nstream:\n  - {base64: "/w==", tty: true}\n',
    ],
    [
      "any order, comments, line ends of Windows",
      "# hi\r\nresponse: none # none\r\nrequest: GET /\r\n",
      "request: GET /\nresponse: none\n",
    ],
  ])("%s", (_claim, loose, canonical) => same(loose, canonical));

  test.each([
    ["flow over several lines", '{"a":\n    1.0}', '{"a":1.0}'],
    [
      "bare keys",
      "{Image: alpine, Tty: true, N: 0x10, P: +1.50, X: null, Y: ~, Z: }",
      '{"Image":"alpine","Tty":true,"N":16,"P":1.5,"X":null,"Y":null,"Z":null}',
    ],
    ["words of YAML 1.1 are text", "[yes, off, 1:30, 2026-02-11, 1_000]", '["yes","off","1:30","2026-02-11","1_000"]'],
    ["quoted numbers are text", "['1', \"2\"]", '["1","2"]'],
    ["what HTML cares about is escaped", "\n    a: <&>", '{"a":"\\u003c\\u0026\\u003e"}'],
    ["a comment behind", '{"a":1}  # one', '{"a":1}'],
    ["a word", "hello", '"hello"'],
    ["nothing", "", "null"],
    ["a key without a value", "{a, b: 1}", '{"a":null,"b":1}'],
  ])("JSON as %s", (_claim, spelled, json) => {
    const text = `request:\n  line: POST /\n  json-bare: ${spelled}\nresponse: none\n`;
    expect(read(text).request.body?.toString()).toBe(json);
  });

  test("a text that looks like lines of JSON is still a text", () => {
    const text = "name: 'a\n  - progress: {\"b\":1}\n  c'\nrequest: GET /\nresponse: none\n";
    expect(read(text).name).toBe('a - progress: {"b":1} c');
  });
});
