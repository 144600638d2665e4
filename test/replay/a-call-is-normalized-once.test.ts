/** A call is brought into the form in which it is compared once, and every step of the replay shares the result. */
import { describe, expect, test, vi } from "vitest";
import { encodeJsonRequest, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const CREATE = "POST /v1.41/containers/create";

function createOf(name: string): string {
  const body = JSON.stringify({ Image: "alpine" });
  return `---
request:
  line: ${CREATE}?name=${name}
  json-bare: ${body}
response:
  status: 201 Created
  json: {"Id": "${"3".repeat(64)}"}
`;
}

const READ = "---\nrequest:\n  line: GET /v1.41/containers/web/json\nresponse:\n  status: 200 OK\n  json: {}\n";
const PATTERN =
  '---\nrequest:\n  line: GET /v1.41/volumes/{name}\nresponse:\n  status: 200 OK\n  json: {"Name": "{name}"}\n';

/** How often the decks normalized the call, and the status of the response. */
async function play(
  cassettes: string | readonly string[],
  sent: Buffer,
): Promise<readonly [count: number, status: string]> {
  const theatre = new Theatre(cassettes);
  const spies = theatre.decks.map((deck) => vi.spyOn(deck.today, "normalize"));
  const response = await theatre.asks(sent);
  const count = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  return [count, response.slice("HTTP/1.1 ".length, "HTTP/1.1 ".length + 3)];
}

describe("a call is normalized once", () => {
  test.each<[what: string, cassettes: string | readonly string[], sent: Buffer, status: string]>([
    ["a read", READ, request("GET /v1.41/containers/web/json"), "200"],
    ["a change with a body", createOf("web"), encodeJsonRequest(`${CREATE}?name=web`, { Image: "alpine" }), "201"],
    ["a path that a pattern fits", PATTERN, request("GET /v1.41/volumes/data"), "200"],
    ["a miss, which is looked up, tried with bindings, and explained", READ, request("GET /v1.41/info"), "501"],
    ["a miss with a body", createOf("web"), encodeJsonRequest(`${CREATE}?name=db`, { Image: "postgres" }), "501"],
    [
      "an exchange of the second of two cassettes with the same rules",
      [PATTERN, READ],
      request("GET /v1.41/containers/web/json"),
      "200",
    ],
  ])("%s", async (_, cassettes, sent, status) => {
    expect(await play(cassettes, sent)).toEqual([1, status]);
  });
});

test("a call that is answered by new bindings is normalized twice: without them, and with them", async () => {
  const sent = encodeJsonRequest(`${CREATE}?name=box-7hq0zt4mw2c`, { Image: "alpine" });
  expect(await play(createOf("box-k3x9f2q7ab1"), sent)).toEqual([2, "201"]);
});

test("what heads are remembered by is short, however much is bound, and another text after each binding", () => {
  const [deck] = new Theatre(READ).decks;
  const texts = Array.from({ length: 1000 }, (_, at) => {
    deck?.run.bindings.bind([[`${at}-${"a".repeat(64)}`, `${at}-${"b".repeat(64)}`]]);
    return deck?.today.wording ?? "";
  });
  expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(100);
  expect(new Set(texts).size).toBe(1000);
});
