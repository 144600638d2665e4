/** Any range of a file is what the file has there, wherever the windows are. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FileRanges } from "../../src/io/disk/file-ranges.ts";
import { createTemporaryFolder } from "./temporary.ts";

const MIB = 1024 * 1024;
const bytes = Buffer.from(Uint32Array.from({ length: (5 * MIB) / 4 }, (_, at) => at).buffer);

function openFile(content: Buffer): FileRanges {
  const path = join(createTemporaryFolder(), "file");
  writeFileSync(path, content);
  return new FileRanges(path);
}

test.each([
  ["from the start to the end", Array.from({ length: 50 }, (_, at) => [at * 100_000, at * 100_000 + 100_000])],
  ["to and fro", Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? [at * 80_000, at * 80_000 + 500] : [7, 9]))],
  ["backwards", Array.from({ length: 50 }, (_, at) => [(49 - at) * 100_000, (49 - at) * 100_000 + 70_000])],
  [
    "longer than the windows",
    [
      [3 * MIB, 3 * MIB + 1],
      [MIB, MIB + 100_000],
      [0, 3 * MIB],
      [0, 5 * MIB],
      [5 * MIB, 5 * MIB],
    ],
  ],
] as const)("%s", (_way, ranges) => {
  for (const lead of [Buffer.alloc(0), Buffer.from("\ufeff")]) {
    const file = openFile(Buffer.concat([lead, bytes]));
    expect(file.length).toBe(bytes.length);
    for (const [start, end] of ranges as readonly (readonly [number, number])[])
      expect(file.subarray(start, end).equals(bytes.subarray(start, end)), `${start}-${end}`).toBe(true);
    file.close();
  }
});

test.each([0, 1, 3, 4])("a file of %i bytes", (length) => {
  const file = openFile(bytes.subarray(100, 100 + length));
  expect(file.subarray(0, length)).toEqual(bytes.subarray(100, 100 + length));
  file.close();
});
