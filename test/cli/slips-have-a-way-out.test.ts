/** Words that are taken for something else than they were meant for. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMode } from "../../src/modes/mode.ts";
import { runInProcess } from "./run-in-process.ts";

const GOOD = join(import.meta.dirname, "../../cassettes/ping.yaml");

test.each<[words: readonly string[], message: string]>([
  [["show", "-"], "standard input is no cassette; name a file"],
  [["edit", "keep", "1-2", GOOD], `the cassette comes first: \`edit keep ${GOOD} 1-2\``],
  [["verify", GOOD, "--upstream", "mock"], "start `whalesong mock --listen"],
])("whalesong %j", async (words, message) => {
  const { status, stderr } = await runInProcess(...words);
  expect(status).not.toBe(0);
  expect(stderr).toContain(message);
});

test.each([
  ["", "once"],
  ["0", "once"],
  ["no", "once"],
  ["False", "once"],
  ["1", "replay"],
  ["woodpecker", "replay"],
])("CI=%s is the mode %s", (value, mode) => {
  expect(readMode({ CI: value })).toBe(mode);
});
