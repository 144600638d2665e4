/** A cassette that is walked through has the exchanges of one that is held in memory, and the file passes in pieces. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { CassetteError } from "../../src/base/errors.ts";
import { cutDocuments } from "../../src/cassette/read/cut.ts";
import { type CassetteEntry, openCassette } from "../../src/cassette/read.ts";
import { FileRanges } from "../../src/io/disk/file-ranges.ts";
import { walkCassette } from "../../src/io/disk/read-cassette.ts";

const GOLDEN = join(import.meta.dirname, "../../cassettes");
const folder = mkdtempSync(join(tmpdir(), "whalesong-walk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function toFacts({ index, line, name, during, method, target }: CassetteEntry): unknown {
  return { index, line, name, during, method, target };
}

describe("walkCassette", () => {
  test.each(readdirSync(GOLDEN).filter((file) => file.endsWith(".yaml")))("%s", async (file) => {
    const path = join(GOLDEN, file);
    const whole = openCassette(readFileSync(path), path);
    await walkCassette(path, async ({ entries, header, preamble }) => {
      expect({ header, preamble }).toEqual({ header: whole.header, preamble: whole.preamble });
      expect(entries.length).toBe(whole.entries.length);
      expect([...entries].map(toFacts)).toEqual(whole.entries.map(toFacts));
      expect([...entries].map((entry) => entry.readText())).toEqual(whole.entries.map((entry) => entry.readText()));
    });
  });

  test.each([
    ["a name twice", "name: a\nrequest: GET /a\nresponse: none\n---\nname: a\nrequest: GET /b\nresponse: none\n"],
    ["an unknown name", "during: a\nrequest: GET /a\nresponse: none\n"],
    ["an unended line", "request: GET /a\nresponse: none"],
    ["a torn end", "request: GET /a\nresponse: none\n---\nrequest: GET /b\nres"],
  ])("%s fails as in memory", async (title, documents) => {
    const path = write(`${title}.yaml`, `whalesong: 1\n---\n${documents}`);
    const inMemory = catchMessage(() => openCassette(readFileSync(path), path));
    expect(inMemory).toBeDefined();
    await expect(walkCassette(path, async () => undefined)).rejects.toThrow(inMemory);
  });

  test("a file that is not there", async () => {
    await expect(walkCassette(join(folder, "none.yaml"), async () => undefined)).rejects.toThrow(
      "there is no cassette",
    );
    await expect(walkCassette(folder, async () => undefined)).rejects.toThrow("it is a folder");
  });
});

function catchMessage(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return (error as CassetteError).message;
  }
}

describe("FileRanges", () => {
  // Longer than some windows, with documents at every offset, and one that no window holds.
  const documents = Array.from(
    { length: 3000 },
    (_, at) => `---\nrequest: GET /${at}\nresponse: none\n#${"x".repeat(at)}\n`,
  );
  const large = `---\nrequest: GET /large\nresponse: none\n# ${"y".repeat(3_000_000)}\n`;
  const text = `whalesong: 1\n${documents.join("")}${large}${documents.slice(0, 5).join("")}`;
  const path = write("large.yaml", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]));

  test("gives the bytes of the file, forwards and back", () => {
    const file = new FileRanges(path);
    try {
      expect(file.length).toBe(text.length);
      for (const at of [0, 5_000_000, 4_999_000, 1, 7_000_000, text.length - 10, 2_097_151, 0])
        expect(file.subarray(at, at + 10).toString()).toBe(text.slice(at, at + 10));
      expect(file.subarray(100, 6_000_100).toString()).toBe(text.slice(100, 6_000_100));
      expect(file.subarray(200, 300).toString()).toBe(text.slice(200, 300));
    } finally {
      file.close();
    }
  });

  test("is cut into the documents of the same bytes in memory", () => {
    const file = new FileRanges(path);
    try {
      expect([...cutDocuments(file)]).toEqual([...cutDocuments(Buffer.from(text))]);
    } finally {
      file.close();
    }
  });

  test("is skipped of its byte order mark", async () => {
    await walkCassette(path, async ({ entries }) => {
      const targets = [...entries].map(({ target }) => target);
      expect(targets).toHaveLength(3006);
      expect(targets[3000]).toBe("/large");
    });
  });
});
