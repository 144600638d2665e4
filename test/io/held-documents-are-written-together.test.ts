import { writeFileSync } from "node:fs";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createDiskStore } from "../../src/io/disk/disk-store.ts";
import { A, B, C, createCassettePath, exchange, HEADER, read, UNFINISHED } from "./recordings.ts";

/** A disk with room for so many bytes; each call that writes is counted. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY, writes: 0 }));

vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs")>();
  const writeSync = (fd: number, bytes: Buffer, at: number, length: number, position: number): number => {
    disk.writes += 1;
    const fitting = Math.min(length, disk.room - position);
    if (fitting <= 0) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    return fs.writeSync(fd, bytes, at, fitting, position);
  };
  return { ...fs, writeSync };
});

beforeEach(() => {
  [disk.room, disk.writes] = [Number.POSITIVE_INFINITY, 0];
});

describe("documents that are held", () => {
  test("are written by one call", () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    disk.writes = 0;
    expect([A, B, C].map((text) => store.hold?.([text]))).toEqual([0, 1, 2]);
    expect(read(path)).toBe(UNFINISHED);
    expect(store.flush?.()).toBeUndefined();
    expect([read(path), disk.writes]).toEqual([UNFINISHED + A + B + C, 1]);
    expect(store.flush?.()).toBeUndefined();
    store.finish(HEADER, [0, 1, 2]);
    expect(read(path)).toBe(HEADER + A + B + C);
  });

  test("are written before one that is too long to be held, before they are read, and before the end", () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    const long = `---\nrequest: GET /long\nresponse:\n  status: 200 OK\n  text: "${"é".repeat(70_000)}"\n`;
    store.begin(UNFINISHED);
    store.hold?.([A]);
    store.hold?.([long]);
    expect(read(path)).toBe(UNFINISHED + A + long);
    store.hold?.([B]);
    expect(store.readDocument(2)).toBe(B);
    store.hold?.([C]);
    store.finish(HEADER, [3, 2, 1, 0]);
    expect(read(path)).toBe(HEADER + C + B + long + A);
  });

  // By what fits: nothing, a part of the second one, all of the second one, a part of the third.
  test.each([
    [0, 3],
    [A.length + 5, 2],
    [A.length + B.length, 1],
    [A.length + B.length + 1, 1],
  ])("stay whole on a disk with room for %i bytes: %i are lost", (room, count) => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    for (const text of [A, B, C]) store.hold?.([text]);
    disk.room = UNFINISHED.length + room;
    expect(store.flush?.()).toMatchObject({ count, problem: { code: "WHALESONG_DISK" } });
    expect(read(path)).toBe([UNFINISHED, A, B, C].slice(0, 4 - count).join(""));
    store.release();
  });

  test("that are lost with a longer one are told of by the next flush", () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    store.hold?.([A]);
    disk.room = UNFINISHED.length + 5;
    expect(() => store.hold?.([exchange(`/${"x".repeat(70_000)}`)])).toThrow(/the disk is full/);
    expect(store.flush?.()).toMatchObject({ count: 1 });
    expect(read(path)).toBe(UNFINISHED);
    store.release();
  });

  test("stay in a file that is named at the end", () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    store.hold?.([A]);
    store.flush?.();
    expect(store.release()).toBe(path);
    writeFileSync(path, HEADER + B);
    const again = createDiskStore(path);
    again.begin(UNFINISHED);
    expect(again.release()).toBe(`${path}.recording`);
    expect(again.release()).toBeUndefined();
  });
});
