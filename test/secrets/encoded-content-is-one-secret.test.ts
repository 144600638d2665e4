/** What a client stores as bytes in base64 is read again as text, by a process that prints it: that is one secret. */
import { expect, test } from "vitest";
import { Redactor } from "../../src/secrets/redactor.ts";

const toBase64 = (text: string): string => Buffer.from(text).toString("base64");
const store = (redactor: Redactor, content: string): string | undefined =>
  redactor.redactPlace({ path: ["Data"], value: toBase64(content), operation: "SecretCreate" });

test.each([
  ["a line", "phantasmagoria of flower view"],
  ["a line with its end", "phantasmagoria of flower view\n"],
  ["another alphabet", "東方花映塚"],
])("%s has one number in both", (_, content) => {
  const redactor = new Redactor();
  expect(store(redactor, content)).toBe(toBase64("<redacted:1>"));
  const text = Buffer.from(`> ${content.trim()}`).toString("latin1");
  expect(redactor.redactText(text)).toBe("> <redacted:1>");
});

test("two secrets have two numbers, also short ones and empty lines", () => {
  const redactor = new Redactor();
  const stored = ["one", "two", "\n", "\n\n", "one"].map((content) => store(redactor, content));
  expect(new Set(stored).size).toBe(4);
  expect(stored[4]).toBe(stored[0]);
});
