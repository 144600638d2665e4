/** The search of `canaries.ts` is searched itself: what finds nothing proves nothing. */
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { CANARIES, findLeaks } from "./canaries.ts";

const rows = Object.entries(CANARIES).flatMap(([secret, value]) => [
  { secret, how: "plain", bytes: `before ${value} behind` },
  { secret, how: "base64", bytes: `"auth":"${Buffer.from(`user:${value}`).toString("base64")}"` },
  { secret, how: "base64 one byte further", bytes: Buffer.from(`u:${value}\n`).toString("base64") },
  { secret, how: "base64 two bytes further", bytes: Buffer.from(`us:${value}more`).toString("base64") },
  { secret, how: "base64 of URLs", bytes: Buffer.from(`{"password":"${value}"}`).toString("base64url") },
  { secret, how: "hex", bytes: Buffer.from(`a${value}b`).toString("hex").toUpperCase() },
  { secret, how: "URL-encoded", bytes: `https://user:${encodeURIComponent(value)}@host/` },
  { secret, how: "gzip", bytes: Buffer.concat([Buffer.from("tar"), gzipSync(`a ${value}`)]) },
  { secret, how: "gzip in base64", bytes: `{"x":"${gzipSync(`a ${value}`).toString("base64")}"}` },
  { secret, how: "gzip in gzip", bytes: gzipSync(Buffer.concat([Buffer.from("x"), gzipSync(value)])) },
]);

test.each(rows)("$secret, $how", ({ secret, bytes }) => {
  expect(findLeaks(Buffer.from(bytes as string)).join()).toContain(secret);
});

test("nothing is found where nothing is", () => {
  const text = "a canary-secret, a value, of file and of+password: 0123456789abcdef".repeat(100);
  expect(findLeaks(Buffer.from(text))).toEqual([]);
  expect(findLeaks(gzipSync(text))).toEqual([]);
});
