/** The heads of dockerd 20.10.24 as measured (docs/protocol-notes.md): each must come back to the byte. */
import { describe, expect, test } from "vitest";
import { composeHead, describeHead, findEveryResponseFields } from "../../src/cassette/response-head.ts";
import { doesHijack } from "../../src/record/decode/operation-traits.ts";
import { resolveResponseFraming } from "../../src/wire/http/body.ts";
import { parseResponseHead } from "../../src/wire/http/head.ts";
import { parseOperation } from "../../src/wire/operations/operation.ts";

const COMMON = [
  "Api-Version: 1.41",
  "Docker-Experimental: false",
  "Ostype: linux",
  "Server: Docker/20.10.24+dfsg1 (linux)",
];
const DATE = "Date: Fri, 20 Nov 2026 17:41:19 GMT";
const JSON_TYPE = "Content-Type: application/json";
const RAW = "Content-Type: application/vnd.docker.raw-stream";
const TEXT = "Content-Type: text/plain; charset=utf-8";
const CACHE = ["Cache-Control: no-cache, no-store, must-revalidate"];
const STAT = "X-Docker-Container-Path-Stat: eyJuYW1lIjoieCJ9";
const UPGRADE = ["Connection: Upgrade", "Upgrade: tcp"];
const CHUNKED = "Transfer-Encoding: chunked";
const everyResponse = COMMON.map((line) => line.split(": ", 2) as [string, string]);

interface Row {
  readonly call: string;
  readonly status: string;
  readonly lines: readonly string[];
  /** Of the body; undefined for a stream. */
  readonly size?: number;
  readonly asksClose?: boolean;
  /** The headers that are written down; undefined where the exact head has to be. */
  readonly own: readonly string[] | undefined;
}

/** Sorted as Go's header map is written. */
function sortFields(...own: readonly string[]): string[] {
  return [...own, ...COMMON].sort();
}

const ROWS: readonly Row[] = [
  {
    call: "HEAD /_ping",
    status: "200 OK",
    lines: [...sortFields(...CACHE, "Content-Length: 0", TEXT, "Pragma: no-cache"), DATE],
    size: 0,
    own: [...CACHE, "Content-Length: 0", TEXT, "Pragma: no-cache"],
  },
  {
    call: "GET /_ping",
    status: "200 OK",
    lines: [...sortFields(...CACHE, "Pragma: no-cache"), DATE, "Content-Length: 2", TEXT],
    size: 2,
    own: [...CACHE, "Pragma: no-cache", TEXT],
  },
  {
    call: "GET /v1.41/version",
    status: "200 OK",
    lines: [...sortFields(JSON_TYPE), DATE, "Content-Length: 792"],
    size: 792,
    own: [JSON_TYPE],
  },
  {
    call: "GET /v1.41/info",
    status: "200 OK",
    lines: [...sortFields(JSON_TYPE), DATE, CHUNKED],
    size: 2505,
    own: [JSON_TYPE],
  },
  {
    call: "POST /v1.41/containers/create",
    status: "201 Created",
    lines: [...sortFields(JSON_TYPE), DATE, "Content-Length: 88"],
    size: 88,
    own: [JSON_TYPE],
  },
  {
    call: "POST /v1.41/containers/web/start",
    status: "204 No Content",
    lines: [...sortFields(), DATE],
    size: 0,
    own: [],
  },
  {
    call: "POST /v1.41/containers/web/start",
    status: "304 Not Modified",
    lines: [...sortFields(), DATE],
    size: 0,
    own: [],
  },
  {
    call: "POST /v1.41/containers/web/resize?h=1&w=1",
    status: "200 OK",
    lines: [...sortFields(), DATE, "Content-Length: 0"],
    size: 0,
    own: [],
  },
  {
    call: "POST /v1.41/containers/web/wait",
    status: "200 OK",
    lines: [...sortFields(JSON_TYPE), DATE, CHUNKED],
    own: [JSON_TYPE],
  },
  { call: "POST /v1.41/containers/web/attach", status: "101 UPGRADED", lines: [RAW, ...UPGRADE], own: [RAW] },
  { call: "POST /v1.41/containers/web/attach", status: "200 OK", lines: [RAW], own: [RAW] },
  { call: "POST /v1.41/containers/web/attach", status: "404 Not Found", lines: [RAW], size: 24, own: undefined },
  { call: "POST /v1.41/exec/1/start", status: "101 UPGRADED", lines: [RAW, ...UPGRADE, ...COMMON], own: [RAW] },
  { call: "POST /v1.41/exec/1/start", status: "200 OK", lines: [RAW, ...COMMON], own: [RAW] },
  { call: "GET /v1.41/containers/web/logs", status: "200 OK", lines: [...sortFields(), DATE, CHUNKED], own: [] },
  { call: "GET /v1.41/events", status: "200 OK", lines: [...sortFields(JSON_TYPE), DATE, CHUNKED], own: [JSON_TYPE] },
  { call: "GET /v1.41/containers/web/stats", status: "200 OK", lines: [...sortFields(), DATE, CHUNKED], own: [] },
  {
    call: "GET /v1.41/containers/web/archive?path=/x",
    status: "200 OK",
    lines: [...sortFields("Content-Type: application/x-tar", STAT), DATE, "Content-Length: 2048"],
    size: 2048,
    own: ["Content-Type: application/x-tar", STAT],
  },
  {
    call: "GET /v1.41/containers/web/archive?path=/x",
    status: "200 OK",
    lines: [...sortFields("Content-Type: application/x-tar", STAT), DATE, CHUNKED],
    size: 2_000_000,
    own: ["Content-Type: application/x-tar", STAT],
  },
  {
    call: "HEAD /v1.41/containers/web/archive?path=/x",
    status: "200 OK",
    lines: [...sortFields(STAT), DATE],
    size: 0,
    own: [STAT],
  },
  {
    call: "HEAD /v1.41/containers/web/archive?path=/x",
    status: "404 Not Found",
    lines: [...sortFields(JSON_TYPE), DATE, "Content-Length: 64"],
    size: 0,
    own: undefined,
  },
  {
    call: "GET /v1.41/containers/web/attach/ws",
    status: "101 Switching Protocols",
    lines: ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="],
    own: undefined,
  },
  { call: "POST /session", status: "101 Switching Protocols", lines: ["Connection: Upgrade", "Upgrade: h2c"], own: [] },
  {
    call: "GET /v1.41/nope",
    status: "404 Not Found",
    lines: [JSON_TYPE, DATE, "Content-Length: 29"],
    size: 29,
    own: undefined,
  },
  {
    call: "GET /v1.41/containers/x/json",
    status: "404 Not Found",
    lines: [...sortFields(JSON_TYPE), DATE, "Content-Length: 33"],
    size: 33,
    own: [JSON_TYPE],
  },
  {
    call: "GET /v1.23/containers/x/json",
    status: "404 Not Found",
    lines: [...sortFields(TEXT, "X-Content-Type-Options: nosniff"), DATE, "Content-Length: 21"],
    size: 21,
    own: [TEXT, "X-Content-Type-Options: nosniff"],
  },
  {
    call: "PUT /v1.41/containers/x/archive?path=/",
    status: "404 Not Found",
    lines: [...sortFields(JSON_TYPE), DATE, "Content-Length: 33", "Connection: close"],
    size: 33,
    own: [JSON_TYPE, "Connection: close"],
  },
  {
    call: "GET /v1.41/version",
    status: "200 OK",
    lines: [...sortFields(JSON_TYPE), DATE, "Content-Length: 792", "Connection: close"],
    size: 792,
    asksClose: true,
    own: [JSON_TYPE],
  },
  {
    call: "GET /v1.41/info",
    status: "200 OK",
    lines: [...sortFields(JSON_TYPE), DATE, "Connection: close", CHUNKED],
    size: 2505,
    asksClose: true,
    own: [JSON_TYPE],
  },
  {
    call: "GET /v1.42/info",
    status: "400 Bad Request",
    lines: [JSON_TYPE, ...COMMON.filter((line) => !line.startsWith("Docker"))]
      .sort()
      .concat(DATE, "Content-Length: 104"),
    size: 104,
    own: undefined,
  },
];

describe.each(ROWS)("$call -> $status", ({ call, status, lines, size, asksClose = false, own }) => {
  const [method = "", target = ""] = call.split(" ");
  const operation = parseOperation(method, target);
  const response = parseResponseHead(Buffer.from([`HTTP/1.1 ${status}`, ...lines, "", ""].join("\r\n")));
  const isHijack = doesHijack(response, operation);
  const setting = { operation: operation.name, method, asksClose, everyResponse, bodySize: size };
  const described = describeHead(
    { ...response, framing: resolveResponseFraming(response, method).kind, isHijack },
    setting,
  );

  test("is described by what any daemon would not say, if that will do", () => {
    const told = described.exactHead === undefined ? described.headers.map((field) => field.join(": ")) : undefined;
    expect(told && [...told].sort()).toEqual(own && [...own].sort());
  });

  test("comes back exactly as it was", () => {
    const date = DATE.slice("Date: ".length);
    expect(composeHead(described, { ...setting, date }).map((field) => field.join(": "))).toEqual(lines);
  });
});

test("a head without a Date, or with two, is kept as it is", () => {
  const lines = [...sortFields(JSON_TYPE), "Content-Length: 2"];
  for (const dates of [[], [DATE, DATE]]) {
    const response = parseResponseHead(Buffer.from(["HTTP/1.1 200 OK", ...lines, ...dates, "", ""].join("\r\n")));
    const setting = { operation: "SystemInfo", method: "GET", asksClose: false, everyResponse, bodySize: 2 };
    expect(describeHead({ ...response, framing: "length", isHijack: false }, setting).exactHead).toEqual(
      response.fields,
    );
  }
});

test("what every response has is learned only from one that has an Api-Version", () => {
  expect(findEveryResponseFields(everyResponse)).toEqual(everyResponse);
  expect(findEveryResponseFields([["Server", "nginx"]])).toEqual([]);
});
