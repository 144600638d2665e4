import { describe, expect, test } from "vitest";
import type { Exchange, RecordedResponse } from "../../src/cassette/model.ts";
import { readExchange } from "../../src/cassette/read/exchange.ts";
import { formatExchange } from "../../src/cassette/write.ts";
import { DIGEST } from "./example.ts";

function read(document: string): Exchange {
  return readExchange({ file: "test.yaml", text: document, firstLine: 1 });
}

describe("all that a document can say has one spelling", () => {
  const full: RecordedResponse = {
    status: 200,
    reason: "",
    headers: [["Content-Type", "application/json"]],
    exactHead: [["content-type", "application/json"]],
    framing: "close",
    chunks: [5, 32_768, 32_768, 0, 0],
    isHijack: true,
    waitMs: 2000,
    cues: ["start"],
    trailers: [["X-Error", "none"]],
  };

  test("a response with every key", () => {
    const text = formatExchange({
      name: "b",
      during: ["start"],
      repeat: true,
      request: { method: "GET", target: "/", headers: [] },
      response: full,
    });
    expect(text).toBe(`---
name: b
during: start
repeat: true
request: GET /
response:
  status: "200"
  headers: {Content-Type: application/json}
  head:
    - "content-type: application/json"
  framing: close
  chunks: [5, 32768x2, "0x2"]
  hijack: true
  wait: 2s
  cue: [start]
  trailers: {X-Error: none}
`);
  });

  const file = { path: "run/out.bin", size: 3, sha256: DIGEST };
  const events = [
    [
      { kind: "frames", stream: "stdout", payload: Buffer.from("a\nb\n"), cut: "lines" },
      "stdout: |\n      a\n      b\n    frames: lines",
    ],
    [{ kind: "frames", stream: "stdin", payload: Buffer.from("ab"), cut: [1, 1] }, 'echo: "ab"\n    frames: [1x2]'],
    [{ kind: "frames", stream: "stderr", payload: Buffer.from([255]) }, 'stderr: {base64: "/w=="}'],
    [{ kind: "message", dialect: "jsonl", json: Buffer.from("{}"), joined: true }, "jsonl: {}\n    joined: true"],
    [{ kind: "bytes", isTty: false, bytes: Buffer.from("x") }, 'text: "x"'],
    [{ kind: "bytes", isTty: true, bytes: Buffer.from([255]) }, 'base64: "/w=="\n    tty: true'],
    [{ kind: "file", file }, `file: {path: run/out.bin, size: 3, sha256: ${DIGEST}}`],
    [{ kind: "stdin", content: file }, `stdin: {file: {path: run/out.bin, size: 3, sha256: ${DIGEST}}}`],
    [{ kind: "stdin", content: { redactedSize: 1234 } }, "stdin: {redacted: 1234}"],
    [{ kind: "ws", from: "client", opcode: "text", payload: Buffer.from("ls\r") }, 'ws: {from: client, text: "ls\\r"}'],
    [
      { kind: "ws", from: "daemon", opcode: "binary", payload: Buffer.from([255]) },
      'ws: {from: daemon, base64: "/w=="}',
    ],
    [
      { kind: "ws", from: "daemon", opcode: "close", payload: Buffer.from("\x03\xe8", "latin1") },
      "ws: {from: daemon, close: 1000}",
    ],
    [
      { kind: "ws", from: "daemon", opcode: "close", payload: Buffer.from("\x03\xe8bye", "latin1") },
      'ws: {from: daemon, close: "1000 bye"}',
    ],
    [{ kind: "mark", name: "said" }, "mark: said"],
    [{ kind: "until", name: "said" }, "until: said"],
    [{ kind: "reset" }, "reset"],
    [{ kind: "cut" }, "cut"],
    [{ kind: "hold" }, "hold"],
    [{ kind: "repeat", ms: 1500 }, "repeat: 1.5s"],
  ] as const;

  test.each(events)("event %j", (event, spelled) => {
    const exchange = { request: { method: "GET", target: "/", headers: [] }, response: undefined, stream: [event] };
    const text = formatExchange(exchange as unknown as Exchange);
    expect(text).toBe(`---\nrequest: GET /\nresponse: none\nstream:\n  - ${spelled}\n`);
    expect(read(text.slice(4))).toStrictEqual(exchange);
  });

  test("a comment above a sidecar lists its content, with odd names escaped", () => {
    const request = { method: "PUT", target: "/", headers: [], body: file };
    expect(
      formatExchange({ request, response: undefined }, { comments: ["Dockerfile  120 B", "a\n\u202eb"] }),
    ).toBe(`---
request:
  line: PUT /
  # Dockerfile  120 B
  # a\\n\\u202eb
  file: {path: run/out.bin, size: 3, sha256: ${DIGEST}}
response: none
`);
  });
});
