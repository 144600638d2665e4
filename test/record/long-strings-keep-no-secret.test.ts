/** Of a string of more than 3 MiB in long JSON only the beginning is looked at as it passes; the end of the recording sees all. */
import { describe, expect, test } from "vitest";
import { findCanary } from "../playbook/find-canary.ts";
import { encodeChunkedAnswer, encodeJsonAnswer, encodeTextChunk, LAST_CHUNK, request } from "../playbook/http.ts";
import { Studio } from "../playbook/studio.ts";
import { TOKENS } from "../playbook/tokens.ts";

const MIB = 1024 * 1024;
const TOKEN = Object.values(TOKENS)[0] as string;
const PASSWORD = "correct-horse-battery-staple";
const ENV = [`DB_PASSWORD=${PASSWORD}`];
const INSPECT = request("GET /v1.41/containers/web/json");

/** A text of 4.5 MiB with `secret` behind `before` characters. */
function bury(secret: string, before: number): string {
  return `${"lorem ".repeat(before / 6)} ${secret} ${"ipsum ".repeat((4.5 * MIB - before) / 6)}`;
}

function encodeInChunks(body: string): string {
  const pieces = body.match(/.{1,50000}/g) ?? [];
  return encodeChunkedAnswer("200 OK") + pieces.map(encodeTextChunk).join("") + LAST_CHUNK;
}

const WAYS = [
  ["whole", (body: string) => encodeJsonAnswer("200 OK", body)],
  ["in chunks", encodeInChunks],
] as const;
const KINDS: readonly (readonly [what: string, secret: string, json: (depth: number) => object])[] = [
  ["a token", TOKEN, (depth) => ({ Note: bury(TOKEN, depth) })],
  ["a value that is known", PASSWORD, (depth) => ({ Env: ENV, Note: bury(PASSWORD, depth) })],
  ["a value that becomes known behind it", PASSWORD, (depth) => ({ Note: bury(PASSWORD, depth), Env: ENV })],
  ["a part of a label whose name tells", PASSWORD, (depth) => ({ Labels: { "db.password": bury(PASSWORD, depth) } })],
  ["the password of a url", PASSWORD, (depth) => ({ Note: bury(`https://me:${PASSWORD}@a.test/`, depth) })],
];
/** Across the place where looking ends, and beyond it. */
const DEPTHS = [3 * MIB - 20, 4 * MIB];
const ROWS = KINDS.flatMap(([what, secret, json]) =>
  DEPTHS.map((depth) => ({ what, depth, secret, body: JSON.stringify(json(depth)) })),
);

describe.each(WAYS)("a string of 4.5 MiB in JSON that comes %s", (_, encode) => {
  test.each(ROWS)("is kept without $what, behind $depth characters", async ({ secret, body }) => {
    const studio = new Studio();
    await studio.recordExchanges([[INSPECT, encode(body)]]);
    const { isKept, problem } = await studio.finish();
    const { text, sidecars } = studio.store;
    const files = [...sidecars].filter(([path]) => text.includes(path)).map(([, bytes]) => bytes);
    expect([isKept, problem, files.length]).toEqual([true, undefined, 1]);
    expect([Buffer.from(text), ...files].flatMap((bytes) => findCanary(bytes, secret))).toEqual([]);
  });
});
