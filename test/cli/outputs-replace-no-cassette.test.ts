/** `view -o` and `--report-file` replace what is there, but never a recording, and say so before the work is done. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTemporaryFolder } from "../io/temporary.ts";
import { runInProcess } from "./run-in-process.ts";

const CASSETTE = "whalesong: 1\n---\nrequest: GET /info\nresponse: 200 OK\n";

interface OutputCase {
  readonly what: string;
  /** The verb and its words, given the paths of a cassette and of an output file. */
  readonly words: (cassette: string, output: string) => readonly string[];
}

const CASES: readonly OutputCase[] = [
  { what: "view", words: (cassette, output) => ["view", cassette, "-o", output] },
  { what: "replay", words: (cassette, output) => ["replay", cassette, "--report-file", output, "--", "true"] },
  { what: "run", words: (cassette, output) => ["run", cassette, "--report-file", output, "--", "true"] },
  { what: "verify", words: (cassette, output) => ["verify", cassette, "--report-file", output] },
  {
    what: "record",
    words: (cassette, output) => {
      const words = ["--mode", "record", "--upstream", "mock", "--keep-empty", "--report-file", output];
      return ["run", cassette, ...words, "--", "true"];
    },
  },
];

function createCassette(): { readonly folder: string; readonly cassette: string } {
  const folder = createTemporaryFolder();
  const cassette = join(folder, "web.yaml");
  writeFileSync(cassette, CASSETTE);
  return { folder, cassette };
}

describe.each(CASES)("the output of $what", ({ words }) => {
  test("does not replace the cassette itself", async () => {
    const { cassette } = createCassette();
    const { status, stderr } = await runInProcess(...words(cassette, cassette));
    expect(status).toBe(1);
    expect(stderr).toContain(`\`${cassette}\` is a cassette, and what is to be written there would replace it`);
    expect(stderr).toContain("WHALESONG_CASSETTE_EXISTS");
    expect(readFileSync(cassette, "utf8")).toBe(CASSETTE);
  });

  test("does not replace another one, with a byte order mark and comments before its first key", async () => {
    const { cassette, folder } = createCassette();
    const other = join(folder, "other.xml");
    const text = `\uFEFF# of mine\n\n${CASSETTE}`;
    writeFileSync(other, text);
    expect(await runInProcess(...words(cassette, other))).toMatchObject({ status: 1 });
    expect(readFileSync(other, "utf8")).toBe(text);
  });

  test("is no folder", async () => {
    const { cassette, folder } = createCassette();
    const { status, stderr } = await runInProcess(...words(cassette, folder));
    expect(status).toBe(1);
    expect(stderr).toMatch(/cannot write `[^`]*`: EISDIR.*that is a folder: name a file/);
  });

  test("cannot stand below a file", async () => {
    const { cassette, folder } = createCassette();
    const { status, stderr } = await runInProcess(...words(cassette, join(folder, "web.yaml", "out")));
    expect(status).toBe(1);
    // For stat of newer versions of Node, what is below a file is not there, and the folder is made first.
    expect(stderr).toMatch(
      /cannot (?:write|create the folder) `[^`]*web\.yaml[^`]*`: .*a file stands where a folder should/,
    );
    expect(stderr).toContain("WHALESONG_DISK");
  });
});

test.each([
  { what: "view", name: "compose.yaml", text: "services: {}\n", kept: true },
  { what: "view", name: "page", text: "<!DOCTYPE html>\n", kept: false },
  { what: "view", name: "empty", text: "", kept: false },
  { what: "replay", name: "session.sh", text: "#!/bin/sh\n", kept: true },
  { what: "replay", name: "report.json", text: "[]", kept: false },
  { what: "verify", name: "README.md", text: "# Mine\n", kept: true },
])("of $what replaces $name with $text: not if kept is $kept", async ({ what, name, text, kept }) => {
  const { cassette, folder } = createCassette();
  const output = join(folder, name);
  writeFileSync(output, text);
  const words = CASES.find((row) => row.what === what)?.words ?? (() => []);
  const { status, stderr } = await runInProcess(...words(cassette, output));
  expect(status).toBe(kept ? 1 : 0);
  if (kept) expect(stderr).toMatch(/exists and is not an? .*; name another file, or remove it/);
  expect(readFileSync(output, "utf8") === text).toBe(kept);
});

describe.each(["view", "replay"])("the output of %s", (what) => {
  const words = CASES.find((row) => row.what === what)?.words ?? (() => []);

  test("makes the folder that it is to be in, and replaces what it wrote before", async () => {
    const { cassette, folder } = createCassette();
    const output = join(folder, "reports", "today", "out.html");
    for (const _ of ["new", "over the old one"])
      expect(await runInProcess(...words(cassette, output))).toMatchObject({ status: 0 });
    expect(readFileSync(output, "utf8")).toMatch(/^(?:<!doctype html>|\{"exchanges":1)/);
  });
});

test("a report at the path of the cassette that a run records leaves the recording", async () => {
  const cassette = join(createTemporaryFolder(), "new.yaml");
  const flags = ["--mode", "once", "--upstream", "mock", "--keep-empty", "--report-file", cassette];
  expect(await runInProcess("run", cassette, ...flags, "--", "true")).toMatchObject({ status: 1 });
  expect(readFileSync(cassette, "utf8")).toMatch(/^(?:#.*\n)*whalesong: 1\n/);
});
