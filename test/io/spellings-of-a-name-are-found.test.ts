/** A test that was renamed on macOS from `lists` to `Lists` finds its cassette there, and not on Linux. */
import { existsSync, mkdtempSync, rmdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCassette } from "../../src/io/disk/read-cassette.ts";
import { describeOtherSpelling, foldPath } from "../../src/io/fold-path.ts";
import { chooseMode } from "../../src/modes/choose-mode.ts";
import { catchError, createTemporaryFolder } from "./temporary.ts";

const HINT = " (there is `lists-ä.yaml`, which is another name here, and the same on macOS)";

function createFolder(): string {
  const folder = createTemporaryFolder();
  writeFileSync(join(folder, "lists-ä.yaml"), "whalesong: 1\n");
  return folder;
}

/** Whether two spellings are one name where these tests write, as on macOS and Windows. */
const ignoresCase = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), "whalesong-case-"));
  const isFound = existsSync(join(dirname(folder), basename(folder).toUpperCase()));
  rmdirSync(folder);
  return isFound;
})();

test.each(["Lists-ä.yaml", "lists-Ä.YAML", "lists-a\u0308.yaml"])("%j is another spelling", (name) => {
  expect(foldPath(name)).toBe("lists-ä.yaml");
  expect(describeOtherSpelling(join(createFolder(), name))).toBe(HINT);
});

test.each(["lists-ä.yaml", "lists-a.yaml", "nowhere/lists-ä.yaml"])("%j is none", (name) => {
  expect(describeOtherSpelling(join(createFolder(), name))).toBe("");
});

describe.skipIf(ignoresCase)("a cassette that is not there, but for another spelling,", () => {
  test("is named by what reads it", async () => {
    const path = join(createFolder(), "Lists-ä.yaml");
    const { code, message } = await catchError(() => readCassette(path));
    expect(code).toBe("WHALESONG_NO_CASSETTE");
    expect(message).toContain(`there is no cassette at \`${path}\`${HINT}; record one first`);
  });

  test("is named where CI would record it", async () => {
    const path = join(createFolder(), "Lists-ä.yaml");
    const { message } = await catchError(() => chooseMode(undefined, path, { CI: "true" }));
    expect(message).toContain(`there is no cassette at \`${path}\`${HINT}, and \`CI\` is set`);
  });
});
