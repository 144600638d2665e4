/** A cassette of any size is looked at in the same memory: the file is read by ranges, exchange by exchange. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runWhalesong } from "./whalesong.ts";

const folder = mkdtempSync(join(tmpdir(), "whalesong-large-"));
const [small, large] = [join(folder, "small.yaml"), join(folder, "large.yaml")];
const LINES = 200;

beforeAll(() => {
  writeFileSync(small, makeCassette(300));
  writeFileSync(large, makeCassette(3000));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Logs without repetition, as a recorder spells them; 21 kB each. */
function makeCassette(count: number): string {
  const documents = Array.from({ length: count }, (_, at) => {
    const digest = createHash("sha256").update(`${at}`).digest("hex");
    const lines = Array.from(
      { length: LINES },
      (_line, line) => `      ${digest} line ${at * LINES + line} of a log\n`,
    );
    const head = `request: GET /v1.51/containers/${digest}/logs?follow=1&stdout=1\nresponse:\n  status: 200 OK\n`;
    return `---\n${head}stream:\n  - stdout: |\n${lines.join("")}    frames: lines\n`;
  });
  return `whalesong: 1\n${documents.join("")}`;
}

/** What is written; each run has to find it gone. */
const output = join(folder, "output");

test.each([
  ["show CASSETTE"],
  ["show CASSETTE --json"],
  ["show CASSETTE --grep line"],
  ["check CASSETTE"],
  ["check CASSETTE --secrets"],
  ["view CASSETTE --output OUTPUT"],
  ["play CASSETTE --speed none"],
  ["export har CASSETTE --output OUTPUT"],
  ["export curl CASSETTE --output OUTPUT"],
  ["export cast CASSETTE --output OUTPUT"],
  ["edit fmt CASSETTE --output OUTPUT"],
  ["edit keep CASSETTE 2-99999 --output OUTPUT"],
  ["edit retime CASSETTE --tempo 2x --output OUTPUT"],
])("%s", { timeout: 300_000 }, async (line) => {
  const run = (cassette: string): ReturnType<typeof runWhalesong> => {
    rmSync(output, { force: true });
    return runWhalesong(...line.replace("CASSETTE", cassette).replace("OUTPUT", output).split(" "));
  };
  const [few, many] = [await run(small), await run(large)];
  expect([few.status, many.status], many.stderr).toEqual([0, 0]);
  expect(statSync(large).size).toBeGreaterThan(55_000_000);
  expect(many.peakMemory).toBeLessThan(few.peakMemory + 60);
  expect(many.peakMemory).toBeLessThan(240);
});
