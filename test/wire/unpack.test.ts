import * as zlib from "node:zlib";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openPacked, unpackGzip } from "../../src/wire/archive/unpack.ts";

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** How much is unpacked, or why nothing more is. */
async function measure(source: AsyncIterable<Buffer>): Promise<number | string> {
  let size = 0;
  try {
    for await (const piece of source) size += piece.length;
  } catch (error) {
    return (error as Error).message;
  }
  return size;
}

const MEMBERS = Buffer.concat([gzipSync(Buffer.alloc(200_000, "a")), gzipSync("b".repeat(10))]);

describe.each([1, 7, 512, 1_000_000])("in pieces of %i bytes", (size) => {
  it.each([
    ["members one behind the other", MEMBERS, 200_010],
    ["zeros behind them", Buffer.concat([MEMBERS, Buffer.alloc(700)]), 200_010],
    ["another member behind zeros", Buffer.concat([MEMBERS, Buffer.alloc(700), gzipSync("c")]), 200_010],
    ["text behind zeros", Buffer.concat([MEMBERS, Buffer.alloc(700), Buffer.from("text")]), 200_010],
    ["text behind them", Buffer.concat([MEMBERS, Buffer.from("text")]), "incorrect header check"],
    ["a cut member", MEMBERS.subarray(0, -3), "unexpected end of file"],
    ["no gzip", Buffer.from("text"), "incorrect header check"],
  ])("%s", async (_, bytes, expected) => {
    expect(await measure(unpackGzip(cut(bytes, size)))).toBe(expected);
  });
});

it("fails with the error of its source", async () => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield MEMBERS.subarray(0, 20);
    throw new Error("the source broke");
  }
  expect(await measure(unpackGzip(broken()))).toBe("the source broke");
});

const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };

it.runIf(zstdCompressSync !== undefined)("unpacks zstd where Node can", async () => {
  const packed = zstdCompressSync?.(Buffer.alloc(1000, "a")) ?? Buffer.alloc(0);
  const unpacked = openPacked(packed.subarray(0, 4), cut(packed, 7));
  expect(await measure(unpacked ?? cut(Buffer.alloc(0), 1))).toBe(1000);
});

it("says of other bytes that they are not packed", () => {
  expect(openPacked(Buffer.from("text"), cut(Buffer.from("text"), 1))).toBeUndefined();
});
