import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { measureSidecars } from "../../src/io/disk/measure-sidecars.ts";
import { createTemporaryFolder } from "./temporary.ts";

test("files of the folder that the cassette does not name are none", () => {
  const folder = createTemporaryFolder();
  mkdirSync(join(folder, "suite"));
  writeFileSync(join(folder, "suite/test_a.py"), "assert True\n");
  const cassette = join(folder, "suite.yaml");
  writeFileSync(cassette, "whalesong: 1\n");
  expect(measureSidecars(cassette)).toEqual({ files: 0, bytes: 0 });
  writeFileSync(join(folder, "suite/logs-0a1b2c3d.bin"), "four");
  writeFileSync(cassette, "whalesong: 1\n---\nresponse:\n  body: {path: suite/logs-0a1b2c3d.bin, size: 4}\n");
  expect(measureSidecars(cassette)).toEqual({ files: 1, bytes: 4 });
});
