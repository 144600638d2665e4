import { describe, expect, test } from "vitest";
import { ConversationDecoder } from "../../src/record/decode/conversation-decoder.ts";
import type { ClosingKind, ConversationSide, RecordEvent } from "../../src/record/decode/record-event.ts";
import {
  encodeChunkedAnswer,
  encodeHead,
  encodeJsonAnswer,
  encodeTextChunk,
  encodeTextFrame,
  LAST_CHUNK,
  NO_CONTENT,
  request,
  UPGRADED,
  upgradeRequest,
} from "../playbook/http.ts";
import { describeEvents } from "./describe-events.ts";

type Push = readonly [side: ConversationSide, bytes: Buffer | string];
type Step = Push | "client-eof" | ClosingKind;

interface Row {
  readonly what: string;
  readonly steps: readonly Step[];
  readonly events: readonly string[];
}

const PING = request("GET /_ping");
const LOGS = request("GET /v1.41/containers/web/logs?stdout=1");
const ATTACH = upgradeRequest("POST /v1.41/containers/web/attach?stdin=1");
const OK = encodeHead("HTTP/1.1 200 OK", ["Content-Length: 2"]);

/** Rows whose units do not depend on how bytes were cut. */
const ROWS: readonly Row[] = [
  {
    what: "a request and its response",
    steps: [
      ["client", PING],
      ["daemon", `${OK}OK`],
    ],
    events: [
      "0 request-head GET /_ping",
      "0 request-end",
      "0 response-head 200 length body",
      '0 response-bytes "OK"',
      "0 response-end",
    ],
  },
  {
    what: "a request's body, with a length and in chunks",
    steps: [
      ["client", request("POST /v1.41/auth", { body: "{}" })],
      ["daemon", NO_CONTENT],
      [
        "client",
        `${encodeHead("POST /v1.41/auth HTTP/1.1", ["Transfer-Encoding: chunked"])}${encodeTextChunk("ab")}${LAST_CHUNK}`,
      ],
      ["daemon", NO_CONTENT],
    ],
    events: [
      "0 request-head POST /v1.41/auth",
      '0 request-bytes "{}"',
      "0 request-end",
      "0 response-head 204 none body",
      "0 response-end",
      "1 request-head POST /v1.41/auth",
      '1 request-bytes "ab"',
      "1 request-end",
      "1 response-head 204 none body",
      "1 response-end",
    ],
  },
  {
    what: "pipelined requests, answered in order",
    steps: [
      ["client", Buffer.concat([PING, LOGS])],
      ["daemon", `${NO_CONTENT}${encodeJsonAnswer("404 Not Found", "{}")}`],
    ],
    events: [
      "0 request-head GET /_ping",
      "0 request-end",
      "1 request-head GET /v1.41/containers/web/logs?stdout=1",
      "1 request-end",
      "0 response-head 204 none body",
      "0 response-end",
      "1 response-head 404 length body",
      '1 response-bytes "{}"',
      "1 response-end",
    ],
  },
  {
    what: "a body in chunks, with trailers, behind an interim response",
    steps: [
      ["client", PING],
      ["daemon", "HTTP/1.1 100 Continue\r\n\r\n"],
      [
        "daemon",
        `${encodeChunkedAnswer("200 OK")}${encodeTextChunk("a")}${encodeTextChunk("bc")}0\r\nX-End: 1\r\n\r\n`,
      ],
    ],
    events: [
      "0 request-head GET /_ping",
      "0 request-end",
      "0 response-head 200 chunked body",
      '0 response-bytes "a"',
      "0 chunk-end",
      '0 response-bytes "bc"',
      "0 chunk-end",
      "0 trailers X-End: 1",
      "0 response-end",
    ],
  },
  {
    what: "frames in chunks: one, two that share a chunk, and a chunk that is none",
    steps: [
      ["client", LOGS],
      [
        "daemon",
        `${encodeChunkedAnswer("200 OK")}${encodeTextChunk(encodeTextFrame("stdout", "a"))}${encodeTextChunk(encodeTextFrame("stdout", "b") + encodeTextFrame("stderr", "c"))}${encodeTextChunk("plain")}${LAST_CHUNK}`,
      ],
    ],
    events: [
      "0 request-head GET /v1.41/containers/web/logs?stdout=1",
      "0 request-end",
      "0 response-head 200 chunked stream",
      '0 unit stdout "a"',
      '0 unit stdout "b" joined',
      '0 unit stderr "c"',
      '0 unit bytes "plain"',
      "0 response-end",
    ],
  },
  {
    what: "messages in chunks",
    steps: [
      ["client", request("GET /v1.41/events")],
      [
        "daemon",
        `${encodeChunkedAnswer("200 OK")}${encodeTextChunk('{"a":1}\n')}${encodeTextChunk('{"b":2}\r\n')}${LAST_CHUNK}`,
      ],
    ],
    events: [
      "0 request-head GET /v1.41/events",
      "0 request-end",
      "0 response-head 200 chunked stream",
      '0 unit jsonl {"a":1}',
      '0 unit progress {"b":2}',
      "0 response-end",
    ],
  },
  {
    what: "a hijack: frames one way, bytes the other, and both ends",
    steps: [
      ["client", ATTACH],
      ["daemon", UPGRADED + encodeTextFrame("stdout", "a")],
      ["client", "in"],
      "client-eof",
      ["daemon", encodeTextFrame("stderr", "b")],
      "daemon-eof",
    ],
    events: [
      "0 request-head POST /v1.41/containers/web/attach?stdin=1",
      "0 request-end",
      "0 response-head 101 none hijack",
      '0 unit stdout "a"',
      '0 client-bytes "in"',
      "0 client-eof",
      '0 unit stderr "b"',
      "0 daemon-eof",
    ],
  },
  {
    what: "what a client sends and closes before it knows whether the daemon upgrades",
    steps: [["client", Buffer.concat([ATTACH, Buffer.from("early")])], "client-eof", ["daemon", UPGRADED]],
    events: [
      "0 request-head POST /v1.41/containers/web/attach?stdin=1",
      "0 request-end",
      "0 response-head 101 none hijack",
      '0 client-bytes "early"',
      "0 client-eof",
    ],
  },
  {
    what: "a refused upgrade: what follows is a request",
    steps: [
      ["client", Buffer.concat([ATTACH, PING])],
      ["daemon", encodeJsonAnswer("404 Not Found", "{}")],
    ],
    events: [
      "0 request-head POST /v1.41/containers/web/attach?stdin=1",
      "0 request-end",
      "0 response-head 404 length body",
      "1 request-head GET /_ping",
      "1 request-end",
      '0 response-bytes "{}"',
      "0 response-end",
    ],
  },
  {
    what: "websocket frames of both sides",
    steps: [
      ["client", request("GET /v1.41/containers/web/attach/ws", { headers: ["Upgrade: websocket"] })],
      ["daemon", `${encodeHead("HTTP/1.1 101 Switching Protocols", ["Upgrade: websocket"])}\x82\x01a`],
      ["client", Buffer.from([0x82, 0x81, 0, 0, 0, 0, 0x62])],
    ],
    events: [
      "0 request-head GET /v1.41/containers/web/attach/ws",
      "0 request-end",
      "0 response-head 101 none hijack",
      '0 websocket-frame daemon binary "a"',
      '0 websocket-frame client binary "b"',
    ],
  },
  {
    what: "half a frame, which comes as bytes when the daemon breaks off",
    steps: [["client", ATTACH], ["daemon", UPGRADED + encodeTextFrame("stdout", "abc").slice(0, 10)], "daemon-reset"],
    events: [
      "0 request-head POST /v1.41/containers/web/attach?stdin=1",
      "0 request-end",
      "0 response-head 101 none hijack",
      '0 unit bytes "\\u0001\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0003ab"',
      "0 daemon-reset",
    ],
  },
  {
    what: "a body that ends with the connection",
    steps: [["client", PING], ["daemon", `${encodeHead("HTTP/1.1 200 OK", ["Connection: close"])}OK`], "daemon-eof"],
    events: [
      "0 request-head GET /_ping",
      "0 request-end",
      "0 response-head 200 close body",
      '0 response-bytes "OK"',
      "0 response-end",
    ],
  },
  {
    what: "a client that vanishes in the middle of a body",
    steps: [["client", PING], ["daemon", `${OK}O`], "client-gone"],
    events: [
      "0 request-head GET /_ping",
      "0 request-end",
      "0 response-head 200 length body",
      '0 response-bytes "O"',
      "0 client-eof",
      "0 client-gone",
    ],
  },
  {
    what: "a recording that stops between two pipelined requests, and what passes behind it",
    steps: [["client", Buffer.concat([PING, PING])], ["daemon", NO_CONTENT], "cut", ["daemon", NO_CONTENT]],
    events: [
      "0 request-head GET /_ping",
      "0 request-end",
      "1 request-head GET /_ping",
      "1 request-end",
      "0 response-head 204 none body",
      "0 response-end",
      "1 cut",
    ],
  },
  {
    what: "a daemon that speaks no HTTP, and what comes before and behind",
    steps: [
      ["client", Buffer.concat([PING, PING])],
      ["daemon", `${NO_CONTENT}SSH-2.0\r\n\r\n`],
      ["client", PING],
    ],
    events: [
      "0 request-head GET /_ping",
      "0 request-end",
      "1 request-head GET /_ping",
      "1 request-end",
      "0 response-head 204 none body",
      "0 response-end",
      "unreadable WireError: cannot read the response head: got the line `SSH-2.0`, expected one like `HTTP/1.1 200 OK`",
    ],
  },
  {
    what: "a response to no request",
    steps: [["daemon", NO_CONTENT]],
    events: ["unreadable Error: the daemon sent a response to no request"],
  },
];

function decode(steps: readonly Step[], pieces: (bytes: Buffer) => readonly Buffer[]): RecordEvent[] {
  const decoder = new ConversationDecoder(7);
  return steps.flatMap((step, at) => {
    if (typeof step === "string") return decoder.close(step, at);
    const [side, bytes] = step;
    return pieces(toBuffer(bytes)).flatMap((piece) => decoder.push(side, piece, at));
  });
}

function toBuffer(bytes: Buffer | string): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes, "latin1");
}

function toSingleBytes(bytes: Buffer): readonly Buffer[] {
  return [...bytes].map((byte) => Buffer.of(byte));
}

describe.each(ROWS)("$what", ({ steps, events }) => {
  test("whole", () => {
    expect(describeEvents(decode(steps, (bytes) => [bytes]))).toEqual(events);
  });

  test("byte by byte", () => {
    expect(describeEvents(decode(steps, toSingleBytes))).toEqual(events);
  });

  test("each event has its connection and its time", () => {
    const decoded = decode(steps, (bytes) => [bytes]);
    const times = decoded.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(decoded.map(({ connection }) => connection))).toEqual(new Set([7]));
  });
});

/** Inside of HTTP a message ends where it says: the beginning of the next one changes nothing. */
describe.each([
  { side: "client", trailing: "GET /_pi" },
  { side: "daemon", trailing: "HTTP/1.1 20" },
] as const)("with trailing bytes of the $side", ({ side, trailing }) => {
  const inHttp = ROWS.filter(({ steps }) => steps.every((step) => typeof step !== "string"));
  const readable = inHttp.filter(({ events }) => !events.some((line) => /unreadable|hijack/.test(line)));

  test.each(readable)("$what", ({ steps, events }) => {
    const last = steps.findLastIndex(([from]) => from === side);
    const longer = steps.map((step, at): Step => {
      if (at !== last || typeof step === "string") return step;
      return [step[0], Buffer.concat([toBuffer(step[1]), Buffer.from(trailing)])];
    });
    expect(describeEvents(decode(longer, (bytes) => [bytes]))).toEqual(events);
  });
});

describe("what a forwarder asks of it", () => {
  test.each([
    { what: "nothing yet", steps: [], settled: false, hijacked: false, unfollowed: false },
    { what: "a request", steps: [["client", PING]], settled: false, hijacked: false, unfollowed: false },
    {
      what: "its response",
      steps: [
        ["client", PING],
        ["daemon", NO_CONTENT],
      ],
      settled: true,
      hijacked: false,
      unfollowed: false,
    },
    {
      what: "a hijack",
      steps: [
        ["client", ATTACH],
        ["daemon", UPGRADED],
      ],
      settled: false,
      hijacked: true,
      unfollowed: false,
    },
    { what: "nonsense", steps: [["daemon", "x\r\n\r\n"]], settled: false, hijacked: false, unfollowed: true },
    { what: "its end", steps: [["client", PING], "daemon-eof"], settled: true, hijacked: false, unfollowed: false },
    {
      what: "the end of the recording",
      steps: [["client", PING], "cut"],
      settled: false,
      hijacked: false,
      unfollowed: true,
    },
  ] satisfies readonly { steps: readonly Step[]; [fact: string]: unknown }[])("after $what", (row) => {
    const decoder = new ConversationDecoder(0);
    for (const step of row.steps) {
      if (typeof step === "string") decoder.close(step, 0);
      else decoder.push(step[0], toBuffer(step[1]), 0);
    }
    expect(decoder.isSettled).toBe(row.settled);
    expect(decoder.isHijacked).toBe(row.hijacked);
    expect(decoder.isUnfollowed).toBe(row.unfollowed);
  });
});
