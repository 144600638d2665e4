import { existsSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findObsolete } from "../../src/integrations/runs/find-obsolete.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "whalesong-obsolete-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface ObsoleteRow {
  readonly name: string;
  readonly files: readonly string[];
  /** Files whose tests ran, with the names of the tests; `!` before one of which a test did not pass. */
  readonly runs: Readonly<Record<string, readonly string[]>>;
  readonly used?: readonly string[];
  readonly renamed?: readonly string[];
  readonly removed?: readonly string[];
}

const ROWS: readonly ObsoleteRow[] = [
  {
    name: "a test was renamed",
    files: ["a.test.ts", "__cassettes__/a/old.yaml", "__cassettes__/a/new.yaml"],
    runs: { "a.test.ts": ["new"] },
    renamed: ["__cassettes__/a/old.yaml"],
  },
  {
    name: "a test names its cassette itself",
    files: ["a.test.ts", "__cassettes__/a/shared.yaml"],
    runs: { "a.test.ts": ["new"] },
    used: ["__cassettes__/a/shared.yaml"],
  },
  {
    name: "a test did not pass",
    files: ["a.test.ts", "__cassettes__/a/old.yaml"],
    runs: { "!a.test.ts": ["new"] },
  },
  {
    name: "two files share a folder, and one of them did not run",
    files: ["a.test.ts", "a.spec.ts", "__cassettes__/a/old.yaml"],
    runs: { "a.test.ts": ["new"] },
  },
  {
    name: "two files share a folder, and both ran",
    files: ["a.test.ts", "a.spec.ts", "__cassettes__/a/old.yaml", "__cassettes__/a/other.yaml"],
    runs: { "a.test.ts": ["new"], "a.spec.ts": ["other"] },
    renamed: ["__cassettes__/a/old.yaml"],
  },
  {
    name: "the source beside a test is no test",
    files: ["a.ts", "a.test.ts", "__cassettes__/a/old.yaml"],
    runs: { "a.test.ts": ["new"] },
    renamed: ["__cassettes__/a/old.yaml"],
  },
  {
    name: "a test file was removed",
    files: ["a.test.ts", "c.test.ts", "__cassettes__/b/old.yaml", "__cassettes__/c/one.yaml"],
    runs: { "a.test.ts": ["new"], "c.test.ts": ["one"] },
    removed: ["__cassettes__/b/old.yaml"],
  },
  {
    name: "a cassette in a folder of its own is of a test that was filtered out, or failed",
    files: ["a.test.ts", "__cassettes__/shared/one.yaml"],
    runs: { "!a.test.ts": ["new"] },
  },
  {
    name: "a cassette in a folder of its own is of a file that did not run",
    files: ["a.test.ts", "c.test.ts", "__cassettes__/shared/one.yaml"],
    runs: { "a.test.ts": ["new"] },
  },
  {
    name: "a folder of sidecars is none of a test file",
    files: ["a.test.ts", "__cassettes__/shared.yaml", "__cassettes__/shared/body-12345678.yaml"],
    runs: { "a.test.ts": ["new"] },
  },
  { name: "there are no cassettes", files: ["a.test.ts"], runs: { "a.test.ts": ["new"] } },
];

test("a cassette that a file system which ignores case has under its old name is none", () => {
  const [old, current] = ["one", "One"].map((name) => join(folder, `__cassettes__/a/${name}.yaml`)) as [string, string];
  mkdirSync(dirname(old), { recursive: true });
  writeFileSync(old, "");
  const run = { file: join(folder, "a.test.ts"), tests: [["One"]], isWhole: true };
  expect(findObsolete([run], new Set([current])).ofRenamedTests).toEqual(existsSync(current) ? [] : [old]);
  // Two names of one file, which such a file system has for each anyway.
  if (!existsSync(current)) linkSync(old, current);
  expect(findObsolete([run], new Set([current])).ofRenamedTests).toEqual([]);
});

describe("which cassettes are obsolete", () => {
  test.each(ROWS)("$name", ({ files, runs, used = [], renamed = [], removed = [] }) => {
    for (const file of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), "");
    }
    const testFiles = Object.entries(runs).map(([file, names]) => ({
      file: join(folder, file.replace("!", "")),
      tests: names.map((name) => [name]),
      isWhole: !file.startsWith("!"),
    }));
    const inFolder = (paths: readonly string[]): readonly string[] => paths.map((path) => join(folder, path));
    expect(findObsolete(testFiles, new Set(inFolder(used)))).toEqual({
      ofRenamedTests: inFolder(renamed),
      ofRemovedFiles: inFolder(removed),
    });
  });
});
