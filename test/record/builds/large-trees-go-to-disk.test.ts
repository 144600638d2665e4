/** Trees of any size are recorded as they come: interleaved, beyond memory, broken off. */
import { describe, expect, test } from "vitest";
import { readTreeTar } from "../../../src/cassette/tree-tar.ts";
import { TreeRecorder } from "../../../src/record/build/tree-recorder.ts";
import { noStore } from "../../../src/record/no-store.ts";
import { encodeFilePacket, type FilePacket } from "../../../src/wire/buildkit/files/file-packet.ts";
import { type FileStat, toGoMode } from "../../../src/wire/buildkit/files/file-stat.ts";
import { measureHeldMemory } from "../../playbook/held-memory.ts";
import { MemoryStore } from "../../playbook/memory-store.ts";

const MB = 1024 * 1024;
const PIECE = 32 * 1024;

function createStat(path: string, size: number): FileStat {
  const owner = { uid: 0, gid: 0, modTime: 1n, devmajor: 0, devminor: 0 };
  return { path, mode: toGoMode("file", 0o644), size, linkname: "", xattrs: {}, ...owner };
}

/** The pieces of all files in turn, the ends of the files, and the receiver's FIN. */
function* interleave(sizes: readonly number[]): Generator<FilePacket> {
  const longest = Math.max(...sizes);
  for (let at = 0; at < longest; at += PIECE) {
    for (const [id, size] of sizes.entries()) {
      const length = Math.min(PIECE, size - at);
      if (length > 0) yield { kind: "data", id, bytes: Buffer.alloc(length, id + 65) };
      if (length > 0 && at + length === size) yield { kind: "data", id, bytes: Buffer.alloc(0) };
    }
  }
}

function feed(recorder: TreeRecorder, sizes: readonly number[], told: readonly number[] = sizes): void {
  const send = (packet: FilePacket): void => recorder.push("client", encodeFilePacket(packet));
  for (const [id, size] of told.entries()) send({ kind: "stat", stat: createStat(`file${id}`, size) });
  send({ kind: "list-end" });
  for (const packet of interleave(sizes)) send(packet);
}

describe("a tree", () => {
  test.each([
    { files: "small ones", sizes: [1, 0, 40_000, 33_000] },
    { files: "large ones at once", sizes: [3 * MB, 5 * MB, 100, 2 * MB + 7] },
    { files: "many that are large together", sizes: Array.from({ length: 15 }, (_, id) => MB - id) },
  ])("of $files comes back", async ({ sizes }) => {
    const store = new MemoryStore();
    const recorder = new TreeRecorder({ store, sender: "client", digestsOnly: false });
    feed(recorder, sizes);
    for (const [id, size] of sizes.entries()) {
      if (size === 0) recorder.push("client", encodeFilePacket({ kind: "data", id, bytes: Buffer.alloc(0) }));
    }
    recorder.push("daemon", encodeFilePacket({ kind: "fin" }));
    const { content, problem } = recorder.finish("context");
    expect({ problem, kind: content.kind }).toEqual({ problem: undefined, kind: "tree" });
    const [tar] = [...store.sidecars.values()] as [Buffer];
    const files = await readTreeTar(store.read({ path: [...store.sidecars.keys()][0] as string, size: 0, sha256: "" }));
    const found = new Map(files.map(({ stat, offset, size }) => [stat.path, tar.subarray(offset, offset + size)]));
    for (const [id, size] of sizes.entries()) {
      expect(found.get(`file${id}`)?.equals(Buffer.alloc(size, id + 65))).toBe(true);
    }
    expect(store.openDrafts).toBe(0);
  });

  test("that breaks off within a large file has no tar, and says so", () => {
    const store = new MemoryStore();
    const recorder = new TreeRecorder({ store, sender: "client", digestsOnly: false });
    recorder.push("client", encodeFilePacket({ kind: "stat", stat: createStat("big", 3 * MB) }));
    recorder.push("client", encodeFilePacket({ kind: "data", id: 0, bytes: Buffer.alloc(2 * MB) }));
    const { content, problem } = recorder.finish("context");
    expect(problem).toBe("it broke off");
    expect(content).toEqual({
      kind: "tree",
      entries: [{ path: "big", type: "file", mode: 0o644, size: 3 * MB }],
    });
    expect(store.sidecars.size).toBe(0);
    expect(store.openDrafts).toBe(0);
  });

  test("with files that may hold secrets says so to its readers", () => {
    const recorder = new TreeRecorder({ store: noStore, sender: "client", digestsOnly: false });
    const send = (packet: FilePacket): void => recorder.push("client", encodeFilePacket(packet));
    for (const path of ["app.env.ts", "deep/.env", "server.pem"]) send({ kind: "stat", stat: createStat(path, 0) });
    for (const id of [0, 1, 2]) send({ kind: "data", id, bytes: Buffer.alloc(0) });
    expect(recorder.finish("context").comments.at(-1)).toBe("may hold secrets: deep/.env, server.pem");
  });

  test("whose file changes while it is sent cannot be recorded", () => {
    const recorder = new TreeRecorder({ store: new MemoryStore(), sender: "client", digestsOnly: false });
    expect(() => feed(recorder, [3 * MB], [2 * MB])).toThrow(/file0 changed while it was sent/);
  });

  test("of any size takes a memory that does not grow with it", async () => {
    const recorder = new TreeRecorder({ store: noStore, sender: "client", digestsOnly: false });
    const before = await measureHeldMemory();
    feed(recorder, [96 * MB, 64 * MB]);
    expect(await measureHeldMemory(before + 8 * MB)).toBeLessThan(before + 8 * MB);
    recorder.finish("context");
  });
});
