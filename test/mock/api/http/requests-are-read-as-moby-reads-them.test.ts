import { describe, expect, test } from "vitest";
import { parseGoJson } from "../../../../src/mock/api/http/go-json-error.ts";
import { ApiRequest } from "../../../../src/mock/api/http/request.ts";
import { ApiError } from "../../../../src/mock/model/api-error.ts";
import { ApiVersion } from "../../../../src/mock/model/api-version.ts";
import { ENGINE_RELEASES } from "../../../../src/mock/model/engine-release.ts";
import { answerCall } from "../../../playbook/answer-call.ts";
import { request } from "../../../playbook/http.ts";

type Read = (request: ApiRequest) => unknown;

/** What `read` returns for a request, or the status and message of the error that it throws. */
async function readFrom(bytes: Buffer, read: Read, api = "1.41"): Promise<unknown> {
  let result: unknown;
  await answerCall(bytes, async (call) => {
    try {
      result = await read(new ApiRequest(call, new ApiVersion(api), ENGINE_RELEASES["20.10"]));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      result = `${error.status} ${error.message}`;
    }
    await call.drainBody();
    await call.connection.write(Buffer.from("HTTP/1.1 204 No Content\r\n\r\n"));
  });
  return result;
}

function post(body: string, type = "application/json"): Buffer {
  return request("POST /v1.41/containers/create", { headers: type === "" ? [] : [`Content-Type: ${type}`], body });
}

describe("JSON", () => {
  test.each([
    ['{"a":1}', { a: 1 }],
    ['{"a":1} and more', { a: 1 }],
    ["{} {}", {}],
    ["null", null],
    ["[1]", [1]],
  ])("%s is read up to the end of its first value", (text, expected) => {
    expect(parseGoJson(text).value).toEqual(expected);
  });

  test.each([
    ["{", "unexpected EOF"],
    ['{"a":', "unexpected EOF"],
    ['"a', "unexpected EOF"],
    ["[1,", "unexpected EOF"],
    ["tru", "unexpected EOF"],
    ["hello", "invalid character 'h' looking for beginning of value"],
    ['{"a": hello}', "invalid character 'h' looking for beginning of value"],
    ["{a:1}", "invalid character 'a' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
    ["[1 2]", "invalid character '2' after array element"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\q"', "invalid character 'q' in string escape code"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
    ["-x", "invalid character 'x' in numeric literal"],
    ["1.x", "invalid character 'x' after decimal point in numeric literal"],
  ])("%s is refused with the message of Go", (text, message) => {
    expect(() => parseGoJson(text)).toThrow(new ApiError(500, message));
  });
});

describe("a body", () => {
  test.each([
    ["JSON", post('{"a":1}'), { a: 1 }],
    ["JSON with a charset", post('{"a":1}', "Application/JSON; charset=utf-8"), { a: 1 }],
    ["nothing", post(""), "500 EOF"],
    ["nothing, without a type", post("", ""), "500 EOF"],
    ["text", post("{}", "text/plain"), "400 Content-Type specified (text/plain) must be 'application/json'"],
    ["JSON without a type", post("{}", ""), "400 Content-Type specified () must be 'application/json'"],
    ["half of a value", post('{"a'), "500 unexpected EOF"],
  ])("of %s", async (_, bytes, expected) => {
    expect(await readFrom(bytes, (one) => one.readJson())).toEqual(expected);
  });

  test.each([
    ["nothing", post("", ""), undefined],
    ["nothing, with another type", post("", "text/plain"), undefined],
    ["JSON", post("{}"), {}],
    ["text", post("x", "text/plain"), "400 Content-Type specified (text/plain) must be 'application/json'"],
  ])("that is optional, of %s", async (_, bytes, expected) => {
    expect(await readFrom(bytes, (one) => one.readOptionalJson())).toEqual(expected);
  });
});

describe("a flag", () => {
  test.each([
    ["1.41", "maybe", true],
    ["1.12", "maybe", true],
    ["1.11", "maybe", '400 Bad parameter: "maybe" is neither true nor false'],
    ["1.11", "t", true],
    ["1.11", "False", false],
    ["1.11", "", "fallback"],
    ["1.41", "none", false],
  ])("in API %s of %j is %s", async (api, text, expected) => {
    const read: Read = (one) =>
      one.getFlag("force") === one.getFlag("force", true) ? one.getFlag("force") : "fallback";
    expect(await readFrom(request(`DELETE /v${api}/images/x?force=${text}`), read, api)).toBe(expected);
  });
});

test.each([
  ["1.41", '500 strconv.Atoi: parsing "many": invalid syntax'],
  ["1.11", '400 Bad parameter: strconv.Atoi: parsing "many": invalid syntax'],
])("in API %s a bad number is %s", async (api, expected) => {
  const read: Read = (one) => one.getInteger("limit");
  expect(await readFrom(request(`GET /v${api}/containers/json?limit=many`), read, api)).toBe(expected);
});

test("a request has its operation, its method, the name in its path, and its headers", async () => {
  const bytes = request("GET /v1.41/images/example.com/a%2Fb:1/json", { headers: ["X-Sea: tide"] });
  const read: Read = (one) => [one.operation, one.method, one.name, one.getHeader("x-sea"), one.getHeader("x-land")];
  expect(await readFrom(bytes, read)).toEqual(["ImageInspect", "GET", "example.com/a/b:1", "tide", undefined]);
  expect(await readFrom(request("GET /v1.41/info"), (one) => one.name)).toBe("");
});

test("the signal aborts when the client closes its half", async () => {
  const waitForAbort: Read = ({ signal }) =>
    new Promise((resolve) => {
      if (signal.aborted) resolve("aborted");
      signal.addEventListener("abort", () => resolve("aborted"));
    });
  expect(await readFrom(request("GET /v1.41/events"), waitForAbort)).toBe("aborted");
});
