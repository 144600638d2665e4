/** A token in a part of a head that has no rule of its own: it is in nothing that is written, and the cassette is readable. */
import { expect, test } from "vitest";
import { openCassette } from "../../src/cassette/read.ts";
import { findCanary } from "../playbook/find-canary.ts";
import { answer, encodeJsonAnswer, request } from "../playbook/http.ts";
import { Studio } from "../playbook/studio.ts";
import { TOKENS } from "../playbook/tokens.ts";

const TOKEN = TOKENS["GitHub token"] as string;
const INFO = request("GET /v1.41/info");
const OK = encodeJsonAnswer("200 OK", "{}\n");
const CHUNKED = ["Transfer-Encoding: chunked", "Content-Type: text/plain"];

const withField = (field: string): string => answer("200 OK", { own: [field], late: ["Content-Length: 0"] });
const withTrailer = (trailer: string): string =>
  `${answer("200 OK", { own: CHUNKED })}2\r\nok\r\n0\r\n${trailer}\r\n\r\n`;

test.each<[string, Buffer, string]>([
  ["the method", request(`${TOKEN} /v1.41/info`), OK],
  ["the protocol of an upgrade", request("GET /v1.41/info", { headers: [`Upgrade: ${TOKEN}`] }), OK],
  ["the reason", INFO, encodeJsonAnswer(`500 no ${TOKEN}`, "{}\n")],
  ["the name of a header of the answer", INFO, withField(`${TOKEN}: x`)],
  ["the value of one", INFO, withField(`X-Own: ${TOKEN}`)],
  ["the name of a trailer", INFO, withTrailer(`${TOKEN}: x`)],
  ["the value of a trailer", INFO, withTrailer(`X-Own: ${TOKEN}`)],
])("%s", async (_place, question, reply) => {
  const studio = new Studio();
  await studio.recordExchanges([[question, reply]]);
  const { problem, isKept } = await studio.finish();
  expect(problem).toBeUndefined();
  expect(isKept).toBe(true);
  expect(studio.store.written.flatMap((bytes) => findCanary(bytes, TOKEN))).toEqual([]);
  expect(studio.store.text).toMatch(/redacted/i);
  expect(openCassette(Buffer.from(studio.store.text), "x").entries.map((entry) => entry.readExchange())).toHaveLength(
    1,
  );
});

test.each<[string, string, string]>([
  ["the version of a request", `GET /v1.41/info ${TOKEN}\r\n\r\n`, ""],
  ["a line of a request that is no header", `GET /v1.41/info HTTP/1.1\r\n${TOKEN}\r\n\r\n`, ""],
  ["a token that the message cuts off", `GET /v1.41/info/${"x".repeat(20)} ${TOKEN}\r\n\r\n`, ""],
  ["the version of an answer", String(INFO), `${TOKEN} 200 OK\r\n\r\n`],
])("%s is not told as a problem", async (_place, question, reply) => {
  const studio = new Studio();
  const { client, daemon } = await studio.line();
  await client.sends(Buffer.from(question));
  await daemon.hears(Buffer.from(question));
  if (reply !== "") await daemon.sends(reply);
  const { problem } = await studio.finish();
  expect(String(problem)).toMatch(/cannot read the (?:request|response) head: got the line .*<redact/);
  expect(JSON.stringify([problem, String(problem)])).not.toContain(TOKEN.slice(0, 12));
  expect(String(studio.warnings)).not.toContain(TOKEN.slice(0, 12));
  expect(studio.store.written.flatMap((bytes) => findCanary(bytes, TOKEN))).toEqual([]);
});
