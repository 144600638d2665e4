/** The second client gets the bytes that it would have got as the first one, however the clients before it asked. */
import { expect, test } from "vitest";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const CASSETTE = `whalesong: 1
every-response: {Api-Version: "1.41", Server: Docker}
bind: {name: query.name}
---
request: GET /v1.41/info
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json: {"Name":"web","Big":"${"x".repeat(3000)}"}
---
request: GET /v1.41/version
response:
  status: 200 OK
  headers: {Content-Type: application/json}
  json: {"Version":"28.5.2","Name":"web"}
---
request: HEAD /v1.41/images/none
response: 404 Not Found
---
request:
  line: POST /v1.41/containers/create?name=web
  json-bare: {"Image":"x"}
response:
  status: 201 Created
  json: {"Id":"1"}
`;

const styles: readonly (readonly [string, (path: string) => Buffer])[] = [
  ["1.1", (line) => request(line)],
  ["1.1, and closes", (line) => request(line, { headers: ["Connection: close"] })],
  ["1.0", (line) => Buffer.from(`${line} HTTP/1.0\r\nHost: docker\r\n\r\n`)],
  ["1.0, and stays", (line) => Buffer.from(`${line} HTTP/1.0\r\nHost: docker\r\nConnection: keep-alive\r\n\r\n`)],
];
const LINES = ["GET /v1.41/info", "GET /v1.41/version", "HEAD /v1.41/images/none"];

for (const line of LINES) {
  test.each(styles)(`${line} in HTTP/%s`, async (_, encode) => {
    const alone = await new Theatre(CASSETTE).asks(encode(line));
    for (const [, before] of styles) {
      const theatre = new Theatre(CASSETTE);
      await theatre.asks(before(line));
      expect(await theatre.asks(encode(line))).toBe(alone);
      expect(await theatre.asks(encode(line))).toBe(alone);
    }
  });
}

test("what is bound afterwards stands in the next answer", async () => {
  const theatre = new Theatre(CASSETTE);
  expect(await theatre.asks(request("GET /v1.41/version"))).toContain('"Name":"web"');
  await theatre.asks(encodeJsonRequest("POST /v1.41/containers/create?name=shop", { Image: "x" }));
  const bound = await theatre.asks(request("GET /v1.41/version"));
  expect(bound).toContain('"Name":"shop"');
  expect(bound).toContain(`\r\nContent-Length: ${bound.split("\r\n\r\n")[1]?.length}\r\n`);
});
