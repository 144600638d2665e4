/** What cannot be written to standard output is an error: a script would take half of a file for all of it. */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const BIN = join(import.meta.dirname, "../../bin/whalesong.js");
const CASSETTE = join(import.meta.dirname, "../../cassettes/run-hello.yaml");
/** A device of Linux that is always full. */
const FULL = "/dev/full";

function printTo(path: string, words: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  const file = openSync(path, "w");
  try {
    return spawnSync(process.execPath, [BIN, ...words], { stdio: ["ignore", file, "pipe"], encoding: "utf8" });
  } finally {
    closeSync(file);
  }
}

test.runIf(existsSync(FULL)).each([
  ["show", CASSETTE],
  ["export", "har", CASSETTE],
])("`%s` onto a full disk fails, and says why", (...words) => {
  const { status, stderr } = printTo(FULL, words);
  expect(stderr).toMatch(/^whalesong: cannot write to `standard output`: .*no space.*\[WHALESONG_DISK\]\n$/);
  expect(status).toBe(1);
});

test("a reader that leaves early is no error", () => {
  const line = `"${process.execPath}" "${BIN}" show "${CASSETTE}" --json | head -c 1; exit "\${PIPESTATUS[0]}"`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", line], { encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "{", stderr: "" });
});
