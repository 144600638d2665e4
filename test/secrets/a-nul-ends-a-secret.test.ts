/** Programs and `/proc/1/environ` end their texts with a NUL: what is behind it is no part of a secret. */
import { expect, test } from "vitest";
import { findAuthorization, findUserinfo } from "../../src/secrets/text-secrets.ts";

test.each([
  ["AUTHORIZATION=Bearer abc123\0PATH=/bin\0", ["abc123"]],
  ["Authorization:\0Proxy-Authorization:\0ftps\0", []],
  ["Authorization: Basic dTpw\r\n", ["dTpw"]],
  // A line with a secret is taken out of a client's input together with its end.
  ["Authorization: Bearer Authorization: Basic ", []],
  ["Authorization: Bearer Proxy-Authorization: Basic ", []],
  ["Authorization: Bearer abc123Authorization: Basic dTpw", ["abc123"]],
])("of %j, %j is secret", (text, secrets) => {
  const spans = findAuthorization(text, text.search(/uthorization/i));
  expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(secrets);
});

test.each([
  ["PROXY=http://me:pass@proxy\0A=b@c", ["pass"]],
  ["://\0%s:%s@", []],
])("of the URL in %j, %j is secret", (text, secrets) => {
  const spans = findUserinfo(text, text.indexOf("://"));
  expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(secrets);
});
