/** Sessions of BuildKit that no build uses, as clients open them that ask whether a daemon has BuildKit. */
import { expect, test } from "vitest";
import { encodeHead, request } from "../playbook/http.ts";
import { Theatre } from "../playbook/theatre.ts";

const refused = (upgrade: string, message: string): string => `---
request:
  line: POST /session
${upgrade}response:
  status: 400 Bad Request
  headers: {Content-Type: application/json}
  json: {"message":"${message}"}
`;
const CASSETTE = refused("", "no upgrade") + refused("  headers: {Upgrade: foo}\n", "foo is not supported");
const ask = (upgrade: string): Buffer => {
  const headers = [`Upgrade: ${upgrade}`, "Connection: Upgrade", "X-Docker-Expose-Session-Uuid: one"];
  return request("POST /session", { headers });
};

test("what a session asks for decides whether it is refused, in any order", async () => {
  const theatre = new Theatre(CASSETTE);
  expect(await theatre.asks(ask("foo"))).toMatch(/foo is not supported/);
  expect(await theatre.asks(request("POST /session"))).toMatch(/no upgrade/);
  expect(await theatre.asks(ask("foo"))).toMatch(/foo is not supported/);
  expect(theatre.misses).toEqual([]);
});

test("one that is not recorded is opened, and held until its client leaves", async () => {
  const theatre = new Theatre(CASSETTE);
  const client = theatre.client();
  await client.sends(ask("h2c"));
  await client.hears(encodeHead("HTTP/1.1 101 Switching Protocols", ["Connection: Upgrade", "Upgrade: h2c"]));
  await client.hearsNothing();
  expect(theatre.misses).toEqual([]);
});

test("one that asks for what no daemon has is a miss", async () => {
  const theatre = new Theatre(CASSETTE);
  await theatre.asks(ask("bar"));
  expect(theatre.misses).toHaveLength(1);
});
