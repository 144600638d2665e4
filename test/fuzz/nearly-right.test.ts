/** A short run of scripts/fuzz.js; docs/robustness.md has the figures of long ones. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
// It imports what tsc leaves there.
const isBuilt = existsSync(path("build/wire/head.js"));

test.runIf(isBuilt)(
  "inputs that are nearly right are read or refused, by every codec and every reader of texts",
  () => {
    const words = [path("scripts/fuzz.js"), "--cases", "2000", "--seed", "1"];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const figures = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { target: string; cases: number; refused: number });
    expect(figures.length).toBeGreaterThan(20);
    // What is never refused, or always, is not near enough.
    const refusing = figures.filter(({ refused }) => refused > 0);
    expect(refusing.length).toBeGreaterThan(12);
    for (const { cases, refused } of refusing) expect(refused).toBeLessThan(cases);
  },
  180_000,
);
