/** What a client, an archive or a folder of this machine can make us hold in memory. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { readHostFiles } from "../../src/io/disk/host-files.ts";
import { decompress } from "../../src/userland/files/decompress.ts";
import { createTemporaryFolder } from "./temporary.ts";

/** 300 MB of zeros in 300 kB. */
const BOMB = gzipSync(Buffer.alloc(300 * 1024 * 1024));

test("an archive that unpacks to far more than it is has no space, and an honest one has", async () => {
  await expect(decompress(BOMB)).rejects.toThrow("No space left on device");
  expect((await decompress(gzipSync(Buffer.alloc(1024 * 1024)))).length).toBe(1024 * 1024);
});

function catchWarnings(): string[] {
  const warnings: string[] = [];
  const note = (warning: Error): void => void warnings.push(warning.message);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  return warnings;
}

describe("of a folder that containers mount", () => {
  test.each([
    ["files", { files: 3, bytes: 1000 }],
    ["bytes", { files: 100, bytes: 4 }],
  ])("not more than so many %s are read, and a warning says so", async (_, limits) => {
    const folder = createTemporaryFolder();
    mkdirSync(join(folder, "sub"));
    for (const name of ["a", "b", "c", "sub/d"]) writeFileSync(join(folder, name), "12");
    const warnings = catchWarnings();
    const tree = readHostFiles(folder, limits);
    expect(tree?.kind === "directory" && [...tree.children.keys()]).toEqual(["a", "b"]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings.join()).toContain("containers get only a part");
  });

  test.runIf(process.platform === "linux")("/proc is read in no time, whose files may have no end", () => {
    const begin = performance.now();
    const tree = readHostFiles(`/proc/${process.pid}`);
    expect(tree?.kind).toBe("directory");
    expect(performance.now() - begin).toBeLessThan(20_000);
  });
});
