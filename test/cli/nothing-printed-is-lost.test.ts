/** What cannot be written to standard output is an error: a script would take half of a file for all of it. */
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writePieces } from "../../src/io/disk/write-pieces.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

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

test
  .runIf(existsSync(FULL))
  .each([
    ["show", CASSETTE],
    ["export", "har", CASSETTE],
    ["export", "curl", CASSETTE, "-o", "-"],
    ["view", CASSETTE, "-o", "-"],
    ["--version"],
    ["record", "--version"],
    ["--help"],
    ["help", "replay"],
    ["help", "WHALESONG_NO_MATCH"],
    ["completion"],
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

test("the version comes alone", () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
  const { status, stdout } = spawnSync(process.execPath, [BIN, "--version"], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${version}\n` });
});

describe("a page of `view`", () => {
  test("goes to standard output for `-`, the same bytes as in a file", () => {
    const folder = createTemporaryFolder();
    const run = (output: string) =>
      spawnSync(process.execPath, [BIN, "view", CASSETTE, "-o", output], { cwd: folder, encoding: "utf8" });
    const { status, stdout, stderr } = run("-");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(run("page.html")).toMatchObject({ status: 0, stdout: "page.html\n" });
    expect(stdout).toBe(readFileSync(join(folder, "page.html"), "utf8"));
    expect(readdirSync(folder)).toEqual(["page.html"]);
  });

  test.runIf(existsSync(FULL))("onto a full disk is an error", () => {
    const run = spawnSync(process.execPath, [BIN, "view", CASSETTE, "-o", FULL], { encoding: "utf8" });
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toMatch(/^whalesong: cannot write `\/dev\/full`: .*no space.*\[WHALESONG_DISK\]\n$/);
  });

  test("that cannot be made leaves the old one, and nothing beside it", async () => {
    const folder = createTemporaryFolder();
    const page = join(folder, "page.html");
    writeFileSync(page, "old");
    const failing = async function* (): AsyncGenerator<string> {
      yield "new";
      throw new Error("no more");
    };
    await expect(writePieces(page, failing())).rejects.toThrow("no more");
    expect({ text: readFileSync(page, "utf8"), names: readdirSync(folder) }).toEqual({
      text: "old",
      names: ["page.html"],
    });
    await writePieces(page, ["a", "b"]);
    expect({ text: readFileSync(page, "utf8"), names: readdirSync(folder) }).toEqual({
      text: "ab",
      names: ["page.html"],
    });
  });

  test("replaces the file that a link leads to, not the link", async () => {
    const folder = createTemporaryFolder();
    symlinkSync("real.html", join(folder, "page.html"));
    await writePieces(join(folder, "page.html"), ["a"]);
    expect(readFileSync(join(folder, "real.html"), "utf8")).toBe("a");
    expect(lstatSync(join(folder, "page.html")).isSymbolicLink()).toBe(true);
  });
});
