import { describe, expect, test } from "vitest";
import type { Exchange } from "../../src/cassette/model.ts";
import { readExchange } from "../../src/cassette/read/exchange.ts";
import { formatExchange } from "../../src/cassette/write.ts";

function read(document: string): Exchange {
  return readExchange({ file: "test.yaml", text: document, firstLine: 1 });
}

describe("bodies are shown in the prettiest form that gives the same bytes", () => {
  const long = "x".repeat(100);
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  const rows: readonly (readonly [string, string | Buffer, string])[] = [
    ["short JSON on a line of its own", '{"a":1}\n', '  json: {"a":1}\n'],
    ["JSON without a line end", '{"a":1}', '  json-bare: {"a":1}\n'],
    ["odd spaces stay", '{ "a" : [1 ,2] }', '  json-bare: { "a" : [1 ,2] }\n'],
    ["long JSON as a block", `{"2":"${long}","1":1.0}\n`, `  json:\n    "2": ${long}\n    "1": 1.0\n`],
    ["long JSON that Go spells otherwise, verbatim", `{"a":"<${long}"}`, `  json-bare: {"a":"<${long}"}\n`],
    [
      "numbers beyond a double",
      `{"big":9223372036854771712,"s":"${long}"}`,
      `  json-bare:\n    big: 9223372036854771712\n    s: ${long}\n`,
    ],
    ["equal keys are text", '{"a":1,"a":2}', '  text: "{\\"a\\":1,\\"a\\":2}"\n'],
    ["half a surrogate pair is text", '["\\ud800"]', '  text: "[\\"\\\\ud800\\"]"\n'],
    ["JSON too deep for a block", nested(51), `  json-bare: ${nested(51)}\n`],
    ["JSON too deep for YAML is text", nested(101), `  text: "${nested(101)}"\n`],
    ["JSON over several lines is text", '{\n  "a": 1\n}\n', '  text: |\n    {\n      "a": 1\n    }\n'],
    ["blanks around JSON are text", ' {"a":1}\n', '  text: " {\\"a\\":1}\\n"\n'],
    ["one line is quoted", "OK\n", '  text: "OK\\n"\n'],
    ["several lines are a literal", "a\n  b\n\nc\n", "  text: |\n    a\n      b\n\n    c\n"],
    ["a blank at a line's end is quoted", "a \nb\n", '  text: "a \\nb\\n"\n'],
    ["a tab is quoted", "a\tb\nc\n", '  text: "a\\tb\\nc\\n"\n'],
    ["a last empty line is quoted", "a\nb\n\n", '  text: "a\\nb\\n\\n"\n'],
    ["a missing last line end is quoted", "a\nb", '  text: "a\\nb"\n'],
    [
      "invisible characters are escaped",
      "\u0085\u2028\ufeff\x7f\u{e0001}",
      '  text: "\\x85\\u2028\\ufeff\\x7f\\U000e0001"\n',
    ],
    ["bytes are base64", Buffer.from([0xff, 0xfe]), '  base64: "//4="\n'],
    ["nothing at all", "", '  text: ""\n'],
  ];

  test.each(rows)("%s", (_claim, bytes, spelled) => {
    const body = Buffer.from(bytes as string);
    const exchange: Exchange = { request: { method: "POST", target: "/", headers: [], body }, response: undefined };
    const text = formatExchange(exchange);
    expect(text).toBe(`---\nrequest:\n  line: POST /\n${spelled}response: none\n`);
    expect(read(text.slice(4))).toStrictEqual(exchange);
  });

  test("a block nests as people write it", () => {
    const inspect = {
      Config: { Cmd: ["sh", "-c", "echo hi # x"], Env: ["A=1", "PATH=/usr/bin:/bin"], Labels: {}, Volumes: null },
      Ports: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }] },
      Nested: [
        [1, 2],
        [[], [{ a: 1, b: { c: 2 } }]],
      ],
      Created: "2026-02-11T10:00:00Z",
    };
    const body = Buffer.from(JSON.stringify(inspect));
    const text = formatExchange({ request: { method: "POST", target: "/", headers: [], body }, response: undefined });
    expect(text).toBe(`---
request:
  line: POST /
  json-bare:
    Config:
      Cmd: [sh, -c, "echo hi # x"]
      Env: [A=1, PATH=/usr/bin:/bin]
      Labels: {}
      Volumes: null
    Ports:
      80/tcp:
        - {HostIp: "0.0.0.0", HostPort: "8080"}
    Nested:
      - [1, 2]
      -
        - []
        -
          - a: 1
            b: {c: 2}
    Created: "2026-02-11T10:00:00Z"
response: none
`);
    expect(read(text.slice(4)).request.body).toEqual(body);
  });
});
