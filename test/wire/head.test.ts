import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError, WireError } from "../../src/base/errors.ts";
import {
  encodeRequestHead,
  encodeResponseHead,
  findFieldValue,
  findFieldValues,
  type HeaderField,
  hasToken,
  parseRequestHead,
  parseResponseHead,
} from "../../src/wire/http/head.ts";
import { requestHead, responseHead } from "./arbitraries.ts";
import { catchError, toLatin1 } from "./deliveries.ts";

describe("reading a request head", () => {
  it("keeps order, case and duplicates of the fields", () => {
    const head = parseRequestHead(
      toLatin1("POST /session HTTP/1.1\r\nHost: \r\nX-a: 1\r\nx-A: 2\r\nUpgrade:h2c\r\nX-a: \t 3 \t\r\n\r\n"),
    );
    expect(head).toEqual({
      method: "POST",
      target: "/session",
      version: "HTTP/1.1",
      fields: [
        ["Host", ""],
        ["X-a", "1"],
        ["x-A", "2"],
        ["Upgrade", "h2c"],
        ["X-a", "3"],
      ],
    });
  });

  it("keeps bytes beyond ASCII, and U+00A0 at a value's end", () => {
    const head = parseRequestHead(toLatin1("GET /\xc3\xa9 HTTP/1.0\nX: \xc3\xa0\n\n"));
    expect(head).toMatchObject({ target: "/\xc3\xa9", version: "HTTP/1.0", fields: [["X", "\xc3\xa0"]] });
  });

  it.each([
    ["no version", "GET /"],
    ["HTTP/2's preface", "PRI * HTTP/2.0"],
    ["another protocol", "GET / HTTPS/1.1"],
    ["a version to come", "GET / HTTP/1.2"],
    ["two blanks", "GET  / HTTP/1.1"],
    ["a blank in the target", "GET /a b HTTP/1.1"],
    ["no target", "GET HTTP/1.1"],
    ["a leading blank", " GET / HTTP/1.1"],
    ["a control character in the target", "GET /\x01 HTTP/1.1"],
    ["a method that is no token", "G@T / HTTP/1.1"],
    ["the first bytes of TLS", "\x16\x03\x01\x02"],
    ["nothing", ""],
    ["a carriage return within", "GET /\r HTTP/1.1"],
  ])("refuses a request line with %s", (_, line) => {
    const error = catchError(() => parseRequestHead(toLatin1(`${line}\r\nHost: a\r\n\r\n`)));
    expect(error).toBeInstanceOf(WireError);
    expect(error).toMatchObject({ code: "WHALESONG_BAD_REQUEST_HEAD", fields: { line } });
  });

  it.each([
    ["no colon", "Host"],
    ["no name", ": a"],
    ["a blank before the colon", "Host : a"],
    ["a folded line", " continued: a"],
    ["a line folded by a tab", "\tcontinued"],
    ["a name that is no token", "Ho st: a"],
    ["NUL in the value", "A: a\x00b"],
    ["DEL in the value", "A: a\x7fb"],
    ["a carriage return within", "A: a\rB: b"],
    ["nothing, before the last one", ""],
  ])("refuses a field line with %s", (_, line) => {
    const error = catchError(() => parseRequestHead(toLatin1(`GET / HTTP/1.1\r\n${line}\r\nB: c\r\n\r\n`)));
    expect(error).toMatchObject({ code: "WHALESONG_BAD_REQUEST_HEAD", fields: { line } });
  });

  it("says what was found, escaped and shortened, and what was expected", () => {
    const error = catchError(() => parseRequestHead(toLatin1(`\x16\x03${"x".repeat(100)}\r\n\r\n`)));
    expect(error.message).toBe(
      `cannot read the request head: got the line \`\\x16\\x03${"x".repeat(58)}...\`, expected one like \`METHOD target HTTP/1.1\``,
    );
  });
});

describe("reading a response head", () => {
  it.each([
    ["HTTP/1.1 200 OK", 200, "OK"],
    ["HTTP/1.1 200", 200, ""],
    ["HTTP/1.1 200 ", 200, ""],
    ["HTTP/1.0 404 Not Found", 404, "Not Found"],
    ["HTTP/1.1 101 UPGRADED", 101, "UPGRADED"],
    ["HTTP/1.1 200 d\xe9j\xe0 vu", 200, "d\xe9j\xe0 vu"],
  ])("takes the status line %j", (line, status, reason) => {
    const head = parseResponseHead(toLatin1(`${line}\r\nApi-Version: 1.41\r\n\r\n`));
    expect(head).toEqual({ version: line.slice(0, 8), status, reason, fields: [["Api-Version", "1.41"]] });
  });

  it.each([
    "HTTP/1.1",
    "HTTP/1.1 20",
    "HTTP/1.1 2000 OK",
    "HTTP/2 200 OK",
    "HTTP/1.1  200 OK",
    "hello",
    "HTTP/1.1 200OK",
  ])("refuses the status line %j", (line) => {
    const error = catchError(() => parseResponseHead(toLatin1(`${line}\r\n\r\n`)));
    expect(error).toBeInstanceOf(WireError);
    expect(error).toMatchObject({ code: "WHALESONG_BAD_RESPONSE_HEAD", fields: { line } });
  });

  it("names the response in what it says of a bad field", () => {
    expect(() => parseResponseHead(toLatin1("HTTP/1.1 200 OK\r\nbad\r\n\r\n"))).toThrow(
      "cannot read the response head: got the line `bad`, expected `Name: value`",
    );
  });
});

describe("writing a head", () => {
  it("gives what reading it gives back", () => {
    const requests = fc.property(requestHead, (head) => {
      expect(parseRequestHead(encodeRequestHead(head))).toEqual(head);
    });
    const responses = fc.property(responseHead, (head) => {
      expect(parseResponseHead(encodeResponseHead(head))).toEqual(head);
    });
    fc.assert(requests);
    fc.assert(responses);
  });

  it("gives the bytes a daemon sends", () => {
    const text =
      "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\n\r\n";
    expect(encodeResponseHead(parseResponseHead(toLatin1(text))).toString("latin1")).toBe(text);
  });

  const good = { method: "GET", target: "/", version: "HTTP/1.1", fields: [] } as const;
  it.each([
    ["a line end in a value", { ...good, fields: [["A", "b\r\nC: d"]] }],
    ["text beyond latin1", { ...good, fields: [["A", "🐋"]] }],
    ["a name that is no token", { ...good, fields: [["A:", "b"]] }],
    ["a line end in the target", { ...good, target: "/\r\n" }],
    ["a blank in the method", { ...good, method: "GET /" }],
  ] as const)("refuses %s", (_, head) => {
    const error = catchError(() => encodeRequestHead(head as Parameters<typeof encodeRequestHead>[0]));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.code).toBe("WHALESONG_BAD_HEADER");
  });

  it("refuses a reason that would begin another line", () => {
    const head = { version: "HTTP/1.1", status: 200, reason: "OK\r\nA: b", fields: [] } as const;
    expect(catchError(() => encodeResponseHead(head)).code).toBe("WHALESONG_BAD_HEADER");
  });
});

describe("looking a field up", () => {
  const fields: HeaderField[] = [
    ["Connection", "keep-alive, Upgrade"],
    ["X", "1"],
    ["x", "2"],
    ["Expect", "100-Continue"],
    ["Empty", ""],
  ];

  it("finds the first of that name in any case", () => {
    expect(findFieldValue(fields, "CONNECTION")).toBe("keep-alive, Upgrade");
    expect(findFieldValue(fields, "x")).toBe("1");
    expect(findFieldValue(fields, "Empty")).toBe("");
    expect(findFieldValue(fields, "Y")).toBeUndefined();
  });

  it("finds all of that name in order", () => {
    expect(findFieldValues(fields, "X")).toEqual(["1", "2"]);
    expect(findFieldValues(fields, "Y")).toEqual([]);
  });

  it.each([
    ["connection", "upgrade", true],
    ["Connection", "KEEP-ALIVE", true],
    ["Connection", "keep", false],
    ["Expect", "100-continue", true],
    ["X", "2", true],
    ["Empty", "", false],
  ])("tells whether %s lists %s", (name, token, isListed) => {
    expect(hasToken(fields, name, token)).toBe(isListed);
  });
});
