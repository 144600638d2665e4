/** Folders on the way to a file. */
import { mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createFolder } from "../../src/io/disk/create-folder.ts";
import { createTemporaryFolder } from "./temporary.ts";

describe("createFolder", () => {
  test("makes all that are missing, and returns the first", () => {
    const root = createTemporaryFolder();
    expect(createFolder(join(root, "a/b/c"), 0o700)).toBe(join(root, "a"));
    expect(statSync(join(root, "a/b/c")).mode & 0o777).toBe(0o700);
    expect(createFolder(join(root, "a/b/c/d"))).toBe(join(root, "a/b/c/d"));
    expect(createFolder(join(root, "a/b"))).toBeUndefined();
  });

  test("takes a link to a folder for one", () => {
    const root = createTemporaryFolder();
    mkdirSync(join(root, "real"));
    symlinkSync("real", join(root, "link"));
    expect(createFolder(join(root, "link/x"))).toBe(join(root, "link/x"));
  });

  test.each(["file", "file/x/y", "dangling/x"])("refuses %s, where no folder can be", (path) => {
    const root = createTemporaryFolder();
    writeFileSync(join(root, "file"), "");
    symlinkSync("none", join(root, "dangling"));
    expect(() => createFolder(join(root, path))).toThrow(expect.objectContaining({ code: "WHALESONG_DISK" }));
  });

  // Node's own mkdir with `recursive` never ends here.
  test.runIf(process.platform === "linux")("ends where the file system knows no such name", () => {
    expect(() => createFolder("/proc/whalesong/x")).toThrow(/cannot create the folder `\/proc\/whalesong\/x`: ENOENT/);
  });
});
