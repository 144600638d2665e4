/** A program has the texts that it prints values into, and who copies a program gets all of its bytes back. */
import { expect, test } from "vitest";
import type { SecretSpan } from "../../src/secrets/secret-span.ts";
import { findAuthorization, findUserinfo } from "../../src/secrets/text-secrets.ts";

const listSecrets = (text: string, spans: readonly SecretSpan[]): string[] =>
  spans.map(({ start, end }) => text.slice(start, end));

test.each([
  ["Proxy-Authorization: Basic %s\r\n\0", []],
  ["Authorization: %1$s\0", []],
  ["Authorization: Bearer %.*s\0", []],
  ['"Authorization: Token %q"', []],
  ["Authorization: Basic %sx", ["%sx"]],
  ["Authorization: Basic s", ["s"]],
])("of %j, %j is secret", (text, secrets) => {
  expect(listSecrets(text, findAuthorization(text, text.search(/uthorization/i)))).toEqual(secrets);
});

test.each([
  ["ftp://%s:%s@%s/", []],
  ["%s://%*s:%v@%s", []],
  ["ftp://me:%73@host", ["%73"]],
  ["ftp://me:pass%s@host", ["pass%s"]],
])("of the URL in %j, %j is secret", (text, secrets) => {
  expect(listSecrets(text, findUserinfo(text, text.indexOf("://")))).toEqual(secrets);
});
