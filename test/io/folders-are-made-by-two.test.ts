/** Two processes make the same folders at the same time, as the workers of a test runner do. */
import type * as Fs from "node:fs";
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test, vi } from "vitest";
import { createFolder } from "../../src/io/disk/create-folder.ts";
import { createTemporaryFolder } from "./temporary.ts";

const others = vi.hoisted(() => ({ make: new Set<string>() }));

/** The folder above one of `others.make` is made by another process right after this one has not found it. */
vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof Fs>();
  const mkdirSync = (path: string, mode?: number): void => {
    try {
      fs.mkdirSync(path, mode);
    } catch (error) {
      if (others.make.delete(path)) fs.mkdirSync(dirname(path));
      throw error;
    }
  };
  return { ...fs, mkdirSync };
});

test("a folder above that comes in between is used", () => {
  const path = join(createTemporaryFolder(), "a/b");
  others.make.add(path);
  expect(createFolder(path)).toBe(path);
  expect(statSync(path).isDirectory()).toBe(true);
});
