import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keepNewSpaceSmall } from "../../src/io/new-space.ts";
import { bundleSource } from "../playbook/bundle-source.ts";

const isKnownEngine = /^1[123]\./.test(process.versions.v8);

/** Makes objects that stay, once for each word, and prints the size of V8's new space after each time, in MB. */
const PROGRAM = `
import { getHeapSpaceStatistics } from "node:v8";
const { keepNewSpaceSmall } = await import(process.argv[2]);
const kept = [];
const make = () => { for (let count = 0; count < 1_000_000; count += 1) kept.push({ count }); };
const measure = () => getHeapSpaceStatistics().find((space) => space.space_name === "new_space").space_size / 1024 ** 2;
const fail = () => { make(); throw new Error("no"); };
const HOWS = {
  freely: make,
  small: () => keepNewSpaceSmall(make),
  failing: () => { try { keepNewSpaceSmall(fail); } catch {} },
};
console.log(JSON.stringify(process.argv.slice(3).map((how) => (HOWS[how](), measure()))));
`;

let folder: string;
let source: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "whalesong-new-space-"));
  source = await bundleSource("io/new-space.ts", folder);
  writeFileSync(join(folder, "program.mjs"), PROGRAM);
});
afterAll(() => rmSync(folder, { recursive: true }));

function measureSizes(hows: readonly string[], flags: readonly string[] = []): number[] {
  const words = [...flags, join(folder, "program.mjs"), source, ...hows];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8" }));
}

test("what is loaded is given back, and so is what goes wrong", () => {
  expect(keepNewSpaceSmall(() => 7)).toBe(7);
  expect(() =>
    keepNewSpaceSmall(() => {
      throw new Error("broken");
    }),
  ).toThrow("broken");
});

describe.skipIf(!isKnownEngine)("V8's space for new objects", () => {
  test("grows while objects are made that stay", () => {
    expect(measureSizes(["freely"])[0]).toBeGreaterThan(16);
  });

  test.each(["small", "failing"])("does not while they are loaded (%s), and does again afterwards", (how) => {
    const [first, then] = measureSizes([how, "freely"]);
    expect(first).toBeLessThan(8);
    expect(then).toBeGreaterThan(16);
  });

  test("has the size that somebody has chosen", () => {
    expect(measureSizes(["small"], ["--min-semi-space-size=8"])[0]).toBeGreaterThan(8);
  });
});
