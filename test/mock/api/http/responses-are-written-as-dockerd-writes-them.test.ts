import { describe, expect, test } from "vitest";
import { formatError } from "../../../../src/mock/api/http/error-response.ts";
import {
  type ApiResponse,
  emptyResponse,
  hijackConnection,
  jsonResponse,
  noContent,
  streamResponse,
} from "../../../../src/mock/api/http/response.ts";
import { writeResponse } from "../../../../src/mock/api/http/write-response.ts";
import { ApiVersion } from "../../../../src/mock/model/api-version.ts";
import { answerCall } from "../../../playbook/answer-call.ts";
import { DATE, encodeHead, request } from "../../../playbook/http.ts";

const COMMON = { fields: [["Server", "Docker"] as const, ["Api-Version", "1.41"] as const], date: DATE };
const GET = request("GET /v1.41/info");
const LONG = "x".repeat(3000);
const VERY_LONG = "x".repeat(300_000);

function write(bytes: Buffer, response: ApiResponse): Promise<string> {
  return answerCall(bytes, (call) => writeResponse(call, response, COMMON, new AbortController().signal));
}

/** The head as Go writes it: a handler's headers sorted, then Date, then its own. */
function headOf(status: string, own: readonly string[], late: readonly string[] = []): string {
  return encodeHead(`HTTP/1.1 ${status}`, [
    ...["Api-Version: 1.41", ...own, "Server: Docker"].sort(),
    `Date: ${DATE}`,
    ...late,
  ]);
}

async function* chunks(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

const JSON_TYPE = "Content-Type: application/json";
const CHUNKED = "Transfer-Encoding: chunked";

describe("a response", () => {
  test.each<[string, ApiResponse, string]>([
    [
      "of JSON has its length, and no escapes for HTML",
      jsonResponse({ a: "<b>" }),
      `${headOf("200 OK", [JSON_TYPE], ["Content-Length: 12"])}{"a":"<b>"}\n`,
    ],
    [
      "of long JSON is one chunk",
      jsonResponse(LONG, 201),
      `${headOf("201 Created", [JSON_TYPE], [CHUNKED])}bbb\r\n"${LONG}"\n\r\n0\r\n\r\n`,
    ],
    [
      "of very long JSON is one chunk, too, though it is not copied",
      jsonResponse(VERY_LONG),
      `${headOf("200 OK", [JSON_TYPE], [CHUNKED])}493e3\r\n"${VERY_LONG}"\n\r\n0\r\n\r\n`,
    ],
    ["without content has neither length nor type", noContent(), headOf("204 No Content", [])],
    ["that is empty has a length of 0", emptyResponse(200), headOf("200 OK", [], ["Content-Length: 0"])],
    [
      "that is empty may have headers",
      emptyResponse(200, [["X-Sea", "tide"]]),
      headOf("200 OK", ["X-Sea: tide"], ["Content-Length: 0"]),
    ],
    [
      "of a stream has a chunk for each buffer",
      streamResponse(chunks("one", "three"), "text/plain"),
      `${headOf("200 OK", ["Content-Type: text/plain"], [CHUNKED])}3\r\none\r\n5\r\nthree\r\n0\r\n\r\n`,
    ],
    ["of a stream may have no type", streamResponse(chunks()), `${headOf("200 OK", [], [CHUNKED])}0\r\n\r\n`],
  ])("%s", async (_, response, expected) => {
    expect(await write(GET, response)).toBe(expected);
  });

  test("to HEAD has the head alone", async () => {
    const bytes = request("HEAD /_ping");
    expect(await write(bytes, jsonResponse({}))).toBe(headOf("200 OK", [JSON_TYPE], ["Content-Length: 3"]));
  });

  test("to HTTP/1.0 has no chunks, and its end is the connection's", async () => {
    const old = Buffer.from("GET /v1.41/info HTTP/1.0\r\n\r\n");
    const oldHead = (own: readonly string[]): string =>
      headOf("200 OK", own, ["Connection: close"]).replace("HTTP/1.1", "HTTP/1.0");
    expect(await write(old, streamResponse(chunks("one", "two"), "text/plain"))).toBe(
      `${oldHead(["Content-Type: text/plain"])}onetwo`,
    );
    for (const text of [LONG, VERY_LONG])
      expect(await write(old, jsonResponse(text))).toBe(`${oldHead([JSON_TYPE])}"${text}"\n`);
  });

  test("is written after the rest of the request's body was read", async () => {
    const bytes = request("POST /v1.41/build", { body: "x".repeat(100_000) });
    expect(await write(bytes, noContent())).toBe(headOf("204 No Content", []));
  });
});

describe("a hijacked connection", () => {
  test("writes nothing before its head, and then everything in order", async () => {
    const response = hijackConnection(async (connection) => {
      const written = [connection.write(Buffer.from("one ")), connection.write(Buffer.from("two"))];
      await connection.writeHead(101, "UPGRADED", [["Upgrade", "tcp"]]);
      await Promise.all(written);
    });
    const bytes = request("POST /v1.41/containers/web/attach");
    expect(await write(bytes, response)).toBe("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\none two");
  });

  test.each([
    ["reads what came along with the request", false, "early"],
    ["drops it, as dockerd does", true, ""],
  ])("%s", async (_, drops, expected) => {
    const response = hijackConnection(async (connection) => {
      if (drops) connection.dropReadAhead();
      await connection.writeHead(200, "OK", []);
      for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) {
        await connection.write(bytes);
      }
    });
    const bytes = Buffer.concat([request("POST /v1.41/containers/web/attach"), Buffer.from("early")]);
    expect(await write(bytes, response)).toBe(`HTTP/1.1 200 OK\r\n\r\n${expected}`);
  });
});

describe("an error", () => {
  test.each([
    ["1.41", "application/json", '{"message":"no \\"<x>\\""}\n'],
    ["1.24", "application/json", '{"message":"no \\"<x>\\""}\n'],
    ["1.23", "text/plain; charset=utf-8", 'no "<x>"\n'],
    ["1.0", "text/plain; charset=utf-8", 'no "<x>"\n'],
  ])("in API %s is of type %s", (api, contentType, text) => {
    const { status, bytes, ...more } = formatError(new ApiVersion(api), 404, 'no "<x>"');
    expect([status, more.contentType, bytes.toString()]).toEqual([404, contentType, text]);
  });
});
