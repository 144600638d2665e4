/** A body may have anything in it, also what begins like a secret and never ends: no editor holds more than a part of it. */
import { expect, test } from "vitest";
import { createBodyEditor } from "../../src/record/bodies/body-editor.ts";
import { Redactor } from "../../src/secrets/redactor.ts";

const MIB = 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024, "A");
const PIECES = 200;

test.each([
  { what: "a key without an end", kind: "bytes", start: "-----BEGIN PRIVATE KEY-----\n", rules: [], limit: MIB },
  { what: "a pattern that matches on and on", kind: "bytes", start: "KEY=", rules: [/KEY=.*/g], limit: MIB },
  { what: "a string of JSON without an end", kind: "json", start: '{"Data":"', rules: [], limit: 6 * MIB },
] as const)("$what", ({ kind, start, rules, limit }) => {
  const editor = createBodyEditor("ContainerInspect", new Redactor({ rules }), kind);
  let [came, gone, mostHeld] = [0, 0, 0];
  for (const piece of [Buffer.from(start), ...Array<Buffer>(PIECES).fill(PIECE)]) {
    came += piece.length;
    gone += editor?.push(piece).length ?? 0;
    mostHeld = Math.max(mostHeld, came - gone);
  }
  gone += editor?.finish().length ?? 0;
  expect(mostHeld).toBeLessThan(limit);
  // Masks have the length of what they stand for.
  expect(gone).toBe(came);
});

test("a long string of JSON and what stands behind it come whole", () => {
  const editor = createBodyEditor("ContainerInspect", new Redactor(), "json");
  const text = Buffer.from(`{"Data":"${"A".repeat(6 * MIB)}","Name":"web"}`);
  const out: Buffer[] = [];
  for (let at = 0; at < text.length; at += PIECE.length)
    out.push(editor?.push(text.subarray(at, at + PIECE.length)) as Buffer);
  out.push(editor?.finish() as Buffer);
  expect(Buffer.concat(out).equals(text)).toBe(true);
});

test("of a secret place nothing is left, however long its string is", () => {
  const editor = createBodyEditor("ContainerInspect", new Redactor({ rules: ["Data"] }), "json");
  const text = Buffer.from(`[{"Data":"${'s\\\\\\"'.repeat(MIB)}","Name":"web"},{"Data":"t","Name":"\\""}]`);
  const out: Buffer[] = [];
  for (let at = 0; at < text.length; at += 65_521) out.push(editor?.push(text.subarray(at, at + 65_521)) as Buffer);
  out.push(editor?.finish() as Buffer);
  expect(Buffer.concat(out).toString()).toBe(
    '[{"Data":"<redacted:1>","Name":"web"},{"Data":"<redacted:2>","Name":"\\""}]',
  );
});
