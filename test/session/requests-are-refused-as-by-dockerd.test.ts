/** Requests that dockerd refuses before any handler sees them (Go net/http), and those that it takes. */
import { describe, expect, test } from "vitest";
import { HEAD_LIMIT } from "../../src/wire/http/head.ts";
import { encodeHead, encodeTextChunk, LAST_CHUNK } from "../playbook/http.ts";
import { connectClient, echo, HOST, okResponse, respondEarly } from "./session-client.ts";

const LINE = "POST /a HTTP/1.1";
const CHUNKED = "Transfer-Encoding: chunked";
const BAD = "400 Bad Request";
const UNSUPPORTED = "501 Not Implemented";

interface RefusedRow {
  readonly what: string;
  readonly sent: string;
  readonly status: string;
}

const REFUSED: readonly RefusedRow[] = [
  { what: "garbage", sent: "\x16\x03\x01 garbage\r\n\r\n", status: BAD },
  { what: "HTTP/2", sent: "PRI * HTTP/2.0\r\n\r\n", status: BAD },
  { what: "no target", sent: encodeHead("GET HTTP/1.1", [HOST]), status: BAD },
  { what: "a tab in the request line", sent: encodeHead("GET\t/a HTTP/1.1", [HOST]), status: BAD },
  { what: "no Host", sent: encodeHead(LINE, []), status: BAD },
  { what: "two Hosts", sent: encodeHead(LINE, [HOST, HOST]), status: BAD },
  { what: "a path as Host", sent: encodeHead(LINE, ["Host: /var/run/docker.sock"]), status: BAD },
  { what: "a Host with a blank inside", sent: encodeHead(LINE, ["Host: a b"]), status: BAD },
  { what: "a folded header", sent: "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n", status: BAD },
  { what: "a header without a colon", sent: encodeHead(LINE, [HOST, "A"]), status: BAD },
  { what: "a blank before the colon", sent: encodeHead(LINE, [HOST, "A : b"]), status: BAD },
  { what: "a NUL in a header", sent: encodeHead(LINE, [HOST, "A: \0"]), status: BAD },
  { what: "two lengths", sent: encodeHead(LINE, [HOST, "Content-Length: 1", "Content-Length: 2"]), status: BAD },
  { what: "a negative length", sent: encodeHead(LINE, [HOST, "Content-Length: -1"]), status: BAD },
  { what: "a list of lengths", sent: encodeHead(LINE, [HOST, "Content-Length: 5, 5"]), status: BAD },
  { what: "a hexadecimal length", sent: encodeHead(LINE, [HOST, "Content-Length: 0x5"]), status: BAD },
  { what: "another coding", sent: encodeHead(LINE, [HOST, "Transfer-Encoding: gzip"]), status: UNSUPPORTED },
  { what: "two codings", sent: encodeHead(LINE, [HOST, "Transfer-Encoding: gzip, chunked"]), status: UNSUPPORTED },
  { what: "Transfer-Encoding twice", sent: encodeHead(LINE, [HOST, CHUNKED, CHUNKED]), status: UNSUPPORTED },
  { what: "Transfer-Encoding: ,", sent: encodeHead(LINE, [HOST, "Transfer-Encoding: ,"]), status: UNSUPPORTED },
  { what: "an empty Transfer-Encoding", sent: encodeHead(LINE, [HOST, "Transfer-Encoding: "]), status: UNSUPPORTED },
  { what: "an unknown expectation", sent: encodeHead(LINE, [HOST, "Expect: whale"]), status: "417 Expectation Failed" },
  { what: "a chunk size that is none", sent: `${encodeHead(LINE, [HOST, CHUNKED])}zz\r\n`, status: BAD },
  { what: "a chunk size with 0x", sent: `${encodeHead(LINE, [HOST, CHUNKED])}0x2\r\n`, status: BAD },
  { what: "a negative chunk size", sent: `${encodeHead(LINE, [HOST, CHUNKED])}-1\r\n`, status: BAD },
  { what: "a chunk longer than its size", sent: `${encodeHead(LINE, [HOST, CHUNKED])}1\r\nab\r\n`, status: BAD },
  {
    what: "a head too large",
    sent: `GET / HTTP/1.1\r\n${HOST}\r\nA: ${"x".repeat(HEAD_LIMIT)}`,
    status: "431 Request Header Fields Too Large",
  },
];

describe("a request that cannot be read gets a status and the reason, and its connection is closed", () => {
  test.each(REFUSED)("$what: $status", async ({ sent, status }) => {
    const { client, held } = connectClient(echo);
    await client.sends(Buffer.from(sent, "latin1"));
    const [responseHead = "", reason] = (await client.hearsAll()).split("\r\n\r\n");
    expect(responseHead).toBe(`HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close`);
    expect(reason).toMatch(/^cannot .+\n$/);
    await client.closesItsHalf();
    expect(await held).toBeUndefined();
  });
});

describe("a request that dockerd takes is taken", () => {
  test.each([
    { what: "an empty Host", sent: encodeHead("GET /a HTTP/1.1", ["Host: "]), response: "GET /a " },
    { what: "a Host with a port", sent: encodeHead("GET /a HTTP/1.1", ["Host: [::1]:2375"]), response: "GET /a " },
    { what: "HTTP/1.0 without Host", sent: encodeHead("GET /a HTTP/1.0", []), response: "GET /a " },
    {
      what: "HTTP/1.0 with a coding, which is ignored",
      sent: encodeHead("POST /a HTTP/1.0", ["Transfer-Encoding: gzip", "Content-Length: 0"]),
      response: "POST /a ",
    },
    {
      what: "the same length twice",
      sent: `${encodeHead(LINE, [HOST, "Content-Length: 1", "Content-Length: 1"])}x`,
      response: "POST /a x",
    },
    {
      what: "a length beside chunks",
      sent: `${encodeHead(LINE, [HOST, CHUNKED, "Content-Length: 9"])}${encodeTextChunk("ab")}${LAST_CHUNK}`,
      response: "POST /a ab",
    },
    {
      what: "Chunked in any case",
      sent: `${encodeHead(LINE, [HOST, "transfer-encoding: CHUNKED"])}${encodeTextChunk("ab")}${LAST_CHUNK}`,
      response: "POST /a ab",
    },
    { what: "an empty expectation", sent: encodeHead("GET /a HTTP/1.1", [HOST, "Expect: "]), response: "GET /a " },
    { what: "bare line feeds", sent: "GET /a HTTP/1.1\nHost: a\n\n", response: "GET /a " },
    {
      what: "a head just under the limit",
      sent: encodeHead("GET /a HTTP/1.1", [HOST, `A: ${"x".repeat(HEAD_LIMIT - 100)}`]),
      response: "GET /a ",
    },
  ])("$what", async ({ sent, response }) => {
    const { client } = connectClient(echo);
    await client.sends(sent);
    await client.hearsUpTo("200 OK\r\n");
    expect(await client.hearsUpTo(response)).toContain(response);
  });
});

test("the second request of a connection is checked like the first", async () => {
  const { client } = connectClient(echo);
  await client.sends(encodeHead("GET /a HTTP/1.1", [HOST]) + encodeHead("GET /b HTTP/1.1", []));
  await client.hears(okResponse("GET /a "));
  expect(await client.hearsAll()).toContain("400 Bad Request");
});

test("a body that breaks behind the response closes the connection, without a second response", async () => {
  const { client, held } = connectClient(respondEarly);
  await client.sends(`${encodeHead(LINE, [HOST, CHUNKED])}zz\r\n`);
  await client.hears(okResponse("/a"));
  await client.hearsEnd();
  await client.closesItsHalf();
  expect(await held).toBeUndefined();
});
