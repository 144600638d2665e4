import { METHODS } from "node:http";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeChunk, encodeLastChunk } from "../../src/wire/http/body.ts";
import { encodeRequestHead, encodeResponseHead, type HeaderField } from "../../src/wire/http/head.ts";
import { countTries } from "../playbook/seed.ts";
import { bytes, fields, requestHead, responseHead } from "./arbitraries.ts";
import { toLatin1 } from "./deliveries.ts";
import { parseRequest, parseRequestWithNode, parseResponse, parseResponseWithNode } from "./node-parser.ts";

/** CONNECT is no request to a Docker daemon, and Node has an event of its own for it. */
const method = fc.constantFrom(...METHODS.filter((name) => name !== "CONNECT"));

/** A body and the field that says where it ends. */
const framedBody: fc.Arbitrary<{ framing: HeaderField[]; sent: Buffer }> = fc.oneof(
  bytes.map((body) => ({ framing: [["Content-Length", `${body.length}`] as const], sent: body })),
  fc.tuple(fc.array(bytes, { maxLength: 5 }), fields).map(([chunks, trailers]) => ({
    framing: [["Transfer-Encoding", "chunked"] as const],
    sent: Buffer.concat([...chunks.map(encodeChunk), encodeLastChunk(trailers)]),
  })),
);

describe("what we write, we and Node read alike", () => {
  it("holds for requests", async () => {
    const property = fc.asyncProperty(requestHead, method, framedBody, async (head, known, { framing, sent }) => {
      const target = head.target.replace(/[^!-~]/g, "-");
      const all = {
        ...head,
        method: known,
        target,
        version: "HTTP/1.1",
        fields: [...head.fields, ...framing],
      } as const;
      const message = Buffer.concat([encodeRequestHead(all), sent]);
      expect(await parseRequestWithNode(message)).toEqual(parseRequest(message));
      expect(parseRequest(message)).toBeDefined();
    });
    await fc.assert(property, countTries(200));
  });

  it("holds for responses, with and without a framed body", async () => {
    const body = fc.oneof(
      framedBody,
      bytes.map((sent) => ({ framing: [], sent })),
    );
    const property = fc.asyncProperty(responseHead, body, async (head, { framing, sent }) => {
      const status = Math.max(head.status, 200);
      const all = { ...head, status, version: "HTTP/1.1", fields: [...head.fields, ...framing] } as const;
      const hasBody = status !== 204 && status !== 304;
      const message = Buffer.concat([encodeResponseHead(all), hasBody ? sent : Buffer.alloc(0)]);
      expect(await parseResponseWithNode(message, "GET")).toEqual(parseResponse(message, "GET"));
      expect(parseResponse(message, "GET")).toBeDefined();
    });
    await fc.assert(property, countTries(200));
  });
});

const HEAD = "POST / HTTP/1.1\r\nHost: a\r\n";
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;

describe("requests that we and Node take alike", () => {
  it.each([
    ["without fields", "GET / HTTP/1.1\r\n\r\n"],
    ["of HTTP/1.0", "GET / HTTP/1.0\r\n\r\n"],
    ["with an empty Host", "GET /_ping HTTP/1.1\r\nHost: \r\n\r\n"],
    ["with blank lines before it", "\r\n\r\nGET / HTTP/1.1\r\n\r\n"],
    ["with blanks around a value", "GET / HTTP/1.1\r\nA:\t b \t\r\n\r\n"],
    ["with a tab within a value", "GET / HTTP/1.1\r\nA: b\tc\r\n\r\n"],
    ["with one name many times", "GET / HTTP/1.1\r\nA: 1\r\na: 2\r\nHost: x\r\nHost: y\r\n\r\n"],
    ["with bytes beyond ASCII in a value", "GET / HTTP/1.1\r\nA: \xc3\xa0\r\n\r\n"],
    ["of absolute form", "GET http://docker/info HTTP/1.1\r\n\r\n"],
    ["with a long header", `GET / HTTP/1.1\r\nA: ${"x".repeat(100_000)}\r\n\r\n`],
    ["with a body of some length", `${HEAD}Content-Length: 5\r\n\r\nhello`],
    ["with a body of length 0", `${HEAD}Content-Length: 0\r\n\r\n`],
    ["with chunks, extensions and trailers", `${CHUNKED}5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n`],
    ["with a chunk size in capitals", `${CHUNKED}A\r\n0123456789\r\n0\r\n\r\n`],
    [
      "that asks for an upgrade and has a body",
      `${HEAD}Upgrade: tcp\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\n{}`,
    ],
  ])("are one %s", async (_, text) => {
    const ours = parseRequest(toLatin1(text));
    expect(ours).toBeDefined();
    expect(await parseRequestWithNode(toLatin1(text))).toEqual(ours);
  });
});

describe("requests that we and Node refuse alike", () => {
  it.each([
    ["without a version's number", "GET / HTTP/\r\n\r\n"],
    ["of HTTP/3", "GET / HTTP/3.0\r\n\r\n"],
    ["of another protocol", "GET / SSH/1.1\r\n\r\n"],
    ["with a control character in the target", "GET /\x01 HTTP/1.1\r\n\r\n"],
    ["with a line that has no colon", "GET / HTTP/1.1\r\nHost\r\n\r\n"],
    ["with a blank before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"],
    ["with a line that has no name", "GET / HTTP/1.1\r\n: a\r\n\r\n"],
    ["with NUL in a value", "GET / HTTP/1.1\r\nA: b\x00\r\n\r\n"],
    ["with DEL in a value", "GET / HTTP/1.1\r\nA: b\x7fc\r\n\r\n"],
    ["with a bare carriage return", "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n"],
    ["with two lengths", `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    ["with a list of lengths", `${HEAD}Content-Length: 1, 1\r\n\r\na`],
    ["with a signed length", `${HEAD}Content-Length: +1\r\n\r\na`],
    ["with chunked before another coding", `${HEAD}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
    ["with a bad chunk size", `${CHUNKED}x\r\n\r\n`],
    ["with a chunk size beyond 64 bits", `${CHUNKED}fffffffffffffffff\r\n`],
    ["with more bytes than the chunk size says", `${CHUNKED}1\r\nab\r\n0\r\n\r\n`],
    ["with a bare line feed behind a chunk size", `${CHUNKED}1\na\r\n0\r\n\r\n`],
    ["with a bad trailer", `${CHUNKED}0\r\nbad\r\n\r\n`],
    ["cut off in its head", "GET / HTTP/1.1\r\nHost: a\r\n"],
    ["cut off in a body of known length", `${HEAD}Content-Length: 5\r\n\r\nhell`],
    ["cut off in a chunk", `${CHUNKED}5\r\nhell`],
    ["cut off before the last-chunk", `${CHUNKED}5\r\nhello\r\n`],
  ])("are one %s", async (_, text) => {
    expect(parseRequest(toLatin1(text))).toBeUndefined();
    expect(await parseRequestWithNode(toLatin1(text))).toBeUndefined();
  });
});

describe("responses that we and Node take alike", () => {
  it.each([
    ["without a reason", "GET", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"],
    ["with an empty reason", "GET", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"],
    ["that ends with the connection", "GET", "HTTP/1.1 200 OK\r\n\r\nall of it"],
    ["of HTTP/1.0 that ends with the connection", "GET", "HTTP/1.0 200 OK\r\n\r\nall of it"],
    ["to HEAD with a length", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"],
    ["204 with a length", "DELETE", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"],
    ["304 that is chunked", "POST", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"],
    [
      "with chunks and trailers",
      "GET",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: b\r\n\r\n",
    ],
    ["with another coding", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc"],
  ])("are one %s", async (_, asked, text) => {
    const ours = parseResponse(toLatin1(text), asked);
    expect(ours).toBeDefined();
    expect(await parseResponseWithNode(toLatin1(text), asked)).toEqual(ours);
  });
});

describe("responses that we and Node refuse alike", () => {
  it.each([
    ["with a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"],
    ["with a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"],
    ["of another protocol", "ICY 200 OK\r\n\r\n"],
    ["with two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    ["cut off in its body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"],
    ["cut off in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhell"],
  ])("are one %s", async (_, text) => {
    expect(parseResponse(toLatin1(text), "GET")).toBeUndefined();
    expect(await parseResponseWithNode(toLatin1(text), "GET")).toBeUndefined();
  });
});

describe("requests where we follow Go and not Node", () => {
  it.each([
    ["bare line feeds", "GET / HTTP/1.1\nHost: a\n\n"],
    ["a method Node does not know", "WHALE / HTTP/1.1\r\n\r\n"],
    ["bytes beyond ASCII in the target", "GET /\xc3\xa9 HTTP/1.1\r\n\r\n"],
    ["both a length and chunks", `${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ["blanks behind a chunk size", `${CHUNKED}1  \r\na\r\n0\r\n\r\n`],
  ])("take %s", async (_, text) => {
    expect(parseRequest(toLatin1(text))).toBeDefined();
    expect(await parseRequestWithNode(toLatin1(text))).toBeUndefined();
  });
});
