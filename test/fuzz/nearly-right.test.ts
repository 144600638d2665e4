/** Short runs of scripts/fuzz.js and scripts/fuzz-sockets.js; docs/robustness.md has the figures of long ones. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
// It imports what tsc leaves there.
const isBuilt = existsSync(path("build/wire/http/head.js"));

/** Each line that it prints. It must find nothing. */
function runScript(name: string, words: readonly string[]): unknown[] {
  const args = [path(`scripts/${name}`), ...words, "--seed", "1"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test.runIf(isBuilt)(
  "inputs that are nearly right are read or refused, by every codec and every reader of texts",
  () => {
    const figures = runScript("fuzz.js", ["--cases", "1000"]) as { cases: number; refused: number }[];
    expect(figures.length).toBeGreaterThan(20);
    // What is never refused, or always, is not near enough.
    const refusing = figures.filter(({ refused }) => refused > 0);
    expect(refusing.length).toBeGreaterThan(12);
    for (const { cases, refused } of refusing) expect(refused).toBeLessThan(cases);
  },
  180_000,
);

test.runIf(isBuilt && process.platform === "linux")(
  "requests that are nearly right leave a mock, a replayer and a recorder as well as they were",
  () => {
    const figures = runScript("fuzz-sockets.js", ["--inputs", "350"]) as { inputs: number; answered: number }[];
    expect(figures.map(({ inputs }) => inputs)).toEqual([350, 350, 350]);
    for (const { answered } of figures) expect(answered).toBeGreaterThan(175);
  },
  180_000,
);
