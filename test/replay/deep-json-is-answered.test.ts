/** JSON that is deeper than any stack: it is compared by its bytes, wherever it stands. */
import { describe, expect, test } from "vitest";
import { encodeJsonRequest } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const LEVELS = 20_000;
const DEEP = `${'{"a":'.repeat(LEVELS)}1${"}".repeat(LEVELS)}`;
const OTHER = `${"[".repeat(LEVELS)}1${"]".repeat(LEVELS)}`;
const CREATE = "POST /v1.41/containers/create";

const record = (body: string): string => `---
request: {line: ${CREATE}, headers: {Content-Type: application/json}, text: '${body}'}
response: {status: 201 Created, headers: {Content-Type: application/json}, text: '{"Id": ${DEEP}}'}
`;

function encodeText(line: string, body: string): Buffer {
  const head = `${line} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.from(head + body);
}

describe("deep JSON", () => {
  test.each([
    ["that is recorded is answered", DEEP, DEEP, 201],
    ["that is not recorded is a miss", '{"Image":"a"}', DEEP, 501],
    ["of another shape than the recorded one is a miss", DEEP, OTHER, 501],
    ["in a cassette does not disturb others", DEEP, '{"Image":"a"}', 501],
    ["in a member is a miss", '{"Image":"a"}', `{"Image":${DEEP}}`, 501],
  ])("%s", async (_, recorded, got, status) => {
    const answer = await new Theatre(record(recorded)).asks(encodeText(CREATE, got));
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  });

  test.each([
    ["filters", `GET /v1.41/images/json?filters=${encodeURIComponent(OTHER)}`],
    ["build arguments", `POST /v1.41/build?buildargs=${encodeURIComponent(DEEP)}`],
    ["a password", "POST /v1.41/auth"],
  ])("in %s is answered", async (_, line) => {
    const answer = await new Theatre(record("{}")).asks(encodeText(line, `{"password":${DEEP}}`));
    expect(answer.slice(0, 9)).toBe("HTTP/1.1 ");
  });

  test("that was answered leaves no problem behind", async () => {
    const theatre = new Theatre(record(DEEP));
    await theatre.asks(encodeText(CREATE, OTHER));
    await theatre.asks(encodeJsonRequest(CREATE, { Image: "a" }));
    expect(theatre.problems).toEqual([]);
  });
});
