/** A cassette of any size is looked at in the same memory: the file is read by ranges, exchange by exchange. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { runWhalesong } from "./whalesong.ts";

const folder = mkdtempSync(join(tmpdir(), "whalesong-large-"));
const [small, large] = [join(folder, "small.yaml"), join(folder, "large.yaml")];
const [short, long] = [join(folder, "short.yaml"), join(folder, "long.yaml")];
const LINES = 200;

beforeAll(() => {
  writeFileSync(small, makeCassette(300));
  writeFileSync(large, makeCassette(3000));
  writeFileSync(short, makeLives(15_000));
  writeFileSync(long, makeLives(45_000));
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

/** Many small exchanges: containers with a name and an id of their own, three for each. */
function makeLives(count: number): string {
  const lives = Array.from({ length: count }, (_, at) => {
    const id = createHash("sha256").update(`life ${at}`).digest("hex");
    return [
      `name: create-${at}\nrequest:\n  line: POST /v1.51/containers/create?name=web-${at}\n  json: {"Image":"busybox"}\nresponse:\n  status: 201 Created\n  json: {"Id":"${id}","Warnings":[]}\n`,
      `request: POST /v1.51/containers/${id}/start\nresponse: 204 No Content\n`,
      `during: create-${at}\nrequest: GET /v1.51/containers/${id}/json\nresponse:\n  status: 200 OK\n  json: {"Id":"${id}","Name":"/web-${at}"}\n`,
    ];
  });
  return `whalesong: 1\n${lives
    .flat()
    .map((document) => `---\n${document}`)
    .join("")}`;
}

/** What is written; each run has to find it gone. */
const output = join(folder, "output");

function run(line: string, cassette: string): ReturnType<typeof runWhalesong> {
  rmSync(output, { force: true });
  return runWhalesong(...line.replaceAll("CASSETTE", cassette).replace("OUTPUT", output).split(" "));
}

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
  ["edit drop CASSETTE 1 --output OUTPUT"],
  ["edit retime CASSETTE --tempo 2x --output OUTPUT"],
  // Texts are cut into words: more garbage lies between two collections.
  ["diff CASSETTE CASSETTE", 120],
  ["suggest CASSETTE CASSETTE"],
])("%s", { timeout: 300_000 }, async (line: string, growth = 60) => {
  const [few, many] = [await run(line, small), await run(line, large)];
  expect([few.status, many.status], many.stderr).toEqual([0, 0]);
  expect(statSync(large).size).toBeGreaterThan(55_000_000);
  expect(many.peakMemory).toBeLessThan(few.peakMemory + growth);
  expect(many.peakMemory).toBeLessThan(180 + growth);
});

/**
 * V8 collects garbage when its heap is several times as large as what it holds, which a busy machine delays further: what
 * is kept is seen in a small heap.
 */
const SMALL_HEAP = "--max-old-space-size=96";

/**
 * What is kept of each exchange is small: 90,000 more of them, with 30,000 names and ids. Measured: 10 to 20 MB more
 * (50 without a limit for the heap).
 */
test.each([["show CASSETTE"], ["play CASSETTE --speed none"], ["export curl CASSETTE --output OUTPUT"]])(
  "%s of many exchanges",
  { timeout: 300_000 },
  async (line) => {
    vi.stubEnv("NODE_OPTIONS", `${process.env.NODE_OPTIONS ?? ""} ${SMALL_HEAP}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const [few, many] = [await run(line, short), await run(line, long)];
    expect([few.status, many.status], many.stderr).toEqual([0, 0]);
    expect(many.peakMemory).toBeLessThan(few.peakMemory + 50);
  },
);
