/** What is written while a client waits is a cassette like any other, and becomes what it would have been. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Exchange } from "../../src/cassette/model.ts";
import { readExchange } from "../../src/cassette/read/exchange.ts";
import { finishDraft } from "../../src/cassette/write/draft.ts";
import { formatExchange } from "../../src/cassette/write.ts";
import { countTries } from "../playbook/seed.ts";
import { anyExchange } from "./arbitrary-exchange.ts";

function read(text: string): Exchange {
  return readExchange({ file: "test.yaml", text: text.slice("---\n".length), firstLine: 2 });
}

const LONG = { Id: "a".repeat(64), Names: ["/web", "/\u00e9t\u00e9"], Labels: { a: 'say "no"\\', b: "", c: "x\ty" } };
const JSON_TEXTS = [
  JSON.stringify(LONG),
  `${JSON.stringify([LONG, LONG])}\n`,
  `${JSON.stringify(LONG)}\r\n`,
  JSON.stringify(LONG).replace(/\u00e9/g, "\\u00e9"),
  JSON.stringify(LONG, undefined, 2),
  JSON.stringify({ ...LONG, invisible: "\u200b\u007f" }),
  JSON.stringify({ ...LONG, html: "<a>&" }).replace(/[<>&]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`),
  `{${"no json ".repeat(30)}`,
  `{${"no json\n".repeat(30)}`,
  `text: "{}"\n  text: "${"x".repeat(200)}"\n`,
];
const withBodies = fc
  .tuple(anyExchange, fc.constantFrom(...JSON_TEXTS), fc.constantFrom(...JSON_TEXTS))
  .map(([exchange, asked, answered]): Exchange => {
    const { request, response, stream } = exchange;
    const body = stream === undefined ? { body: Buffer.from(answered) } : {};
    return {
      ...exchange,
      request: request.isPartial === true ? request : { ...request, body: Buffer.from(asked) },
      response: response === undefined ? undefined : { ...response, ...body },
    };
  });

test.each([
  ["any exchange", anyExchange],
  ["an exchange with JSON", withBodies],
])("%s that was written as a draft is the same one, and is spelled the same in the end", (_, exchanges) => {
  fc.assert(
    fc.property(exchanges, (exchange) => {
      const [draft, canonical] = [formatExchange(exchange, { isDraft: true }), formatExchange(exchange)];
      expect(finishDraft(draft)).toBe(canonical);
      expect(finishDraft(canonical)).toBe(canonical);
      expect(read(draft)).toEqual(read(canonical));
    }),
    countTries(200),
  );
});

test("long JSON is what differs in a draft", () => {
  const exchange: Exchange = {
    request: { method: "GET", target: "/_ping", headers: [] },
    response: { status: 200, reason: "OK", headers: [], body: Buffer.from(JSON_TEXTS[0] as string) },
  };
  expect(formatExchange(exchange, { isDraft: true })).toContain('  text: "{\\"Id\\":');
  expect(formatExchange(exchange)).toContain("  json-bare:\n    Id: a");
});
