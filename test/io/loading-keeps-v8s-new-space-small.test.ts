import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keepNewSpaceSmall } from "../../src/io/new-space.ts";

const SOURCE = join(import.meta.dirname, "../../src/io/new-space.ts");
const isKnownEngine = /^1[123]\./.test(process.versions.v8);

/** Makes objects that stay, once for each word, and prints the size of V8's new space after each time, in MB. */
const PROGRAM = `
import { getHeapSpaceStatistics } from "node:v8";
import { keepNewSpaceSmall } from "./new-space.mjs";
const kept = [];
const make = () => { for (let count = 0; count < 1_000_000; count += 1) kept.push({ count }); };
const measure = () => getHeapSpaceStatistics().find((space) => space.space_name === "new_space").space_size / 1024 ** 2;
const fail = () => { make(); throw new Error("no"); };
const HOWS = {
  freely: make,
  small: () => keepNewSpaceSmall(make),
  failing: () => { try { keepNewSpaceSmall(fail); } catch {} },
};
console.log(JSON.stringify(process.argv.slice(2).map((how) => (HOWS[how](), measure()))));
`;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "whalesong-new-space-"));
  const build = await rolldown({ input: SOURCE, platform: "node" });
  await build.write({ file: join(folder, "new-space.mjs"), format: "esm" });
  writeFileSync(join(folder, "program.mjs"), PROGRAM);
});
afterAll(() => rmSync(folder, { recursive: true }));

function measureSizes(hows: readonly string[], flags: readonly string[] = []): number[] {
  const words = [...flags, join(folder, "program.mjs"), ...hows];
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
