/** V8 runs out of memory of its own in `{24,}` over some five million characters: a value of any length is searched. */
import { expect, test } from "vitest";
import { redactBody, redactTarget } from "../../src/secrets/redact-http.ts";
import { Redactor } from "../../src/secrets/redactor.ts";

const LONG = "A".repeat(8 * 1024 * 1024);
const PLACE = { operation: "ContainerInspect", side: "answer" } as const;

test.each([
  ["base64", `{"Data":"${LONG}"}`],
  ["a url", `{"Data":"http://${LONG}"}`],
  ["a token", `{"Data":"eyJ${LONG}"}`],
])("a body with %s of 8 MiB", (_, text) => {
  const body = Buffer.from(text);
  expect(redactBody(body, PLACE, new Redactor())).toBe(body);
});

test("a target", () => {
  const target = `/info?x=${LONG}`;
  expect(redactTarget(target, "SystemInfo", new Redactor())).toBe(target);
});

test("the text of a cassette", () => {
  expect(new Redactor().createScanner().findEncoded(LONG)).toEqual([]);
});
