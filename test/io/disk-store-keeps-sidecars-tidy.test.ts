import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createDiskStore } from "../../src/io/disk/disk-store.ts";
import { listOrphanedSidecars } from "../../src/io/disk/orphaned-sidecars.ts";
import type { SidecarWriter } from "../../src/record/store.ts";
import { createCassettePath, createExisting, HEADER, UNFINISHED } from "./recordings.ts";

function digestText(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe("sidecars", () => {
  function withFile(path: string): string {
    return `---\nrequest: GET /f\nresponse:\n  status: 200 OK\n  file: {path: ${path}, size: 1, sha256: ${"0".repeat(64)}}\n`;
  }

  test("are written privately, and named for what they hold", async () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    const sidecar = store.sidecar();
    const [draft] = readdirSync(join(path, "../run")) as [string];
    expect(draft).toMatch(/^\.recording-\d+$/);
    expect(statSync(join(path, "../run", draft)).mode & 0o777).toBe(0o600);
    for (const word of ["hello ", "world"]) sidecar.write(Buffer.from(word));
    expect([sidecar.size, Buffer.concat([...sidecar.pieces()]).toString()]).toEqual([11, "hello world"]);
    const digest = digestText(Buffer.from("hello world"));
    const ref = sidecar.finish("build/context ../x", ".tar");
    expect(ref).toEqual({ path: `run/build-context-..-x-${digest.slice(0, 8)}.tar`, size: 11, sha256: digest });
    expect(statSync(join(path, "..", ref.path)).mode & 0o777).toBe(0o644 & ~process.umask());
    const pieces: Buffer[] = [];
    for await (const piece of store.read(ref)) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe("hello world");
    store.append([withFile(ref.path)]);
    store.finish(HEADER, [0]);
    expect(readdirSync(join(path, "../run"))).toHaveLength(1);
  });

  test("of equal content and label are stored once", () => {
    const store = createDiskStore(createCassettePath());
    store.begin(UNFINISHED);
    const refs = ["same", "same", "other"].map((text) => {
      const sidecar = store.sidecar();
      sidecar.write(Buffer.from(text));
      return sidecar.finish("x", ".bin");
    });
    expect(refs[0]).toEqual(refs[1]);
    expect(refs[0]?.path).not.toBe(refs[2]?.path);
    store.finish(HEADER, []);
  });

  test("of a cassette and of what is set aside beside it are kept, until the next recording is", () => {
    const path = createCassettePath();
    const record = (content: string, isSetAside: boolean): readonly string[] => {
      const store = createDiskStore(path);
      store.begin(UNFINISHED);
      const sidecar = store.sidecar();
      sidecar.write(Buffer.from(content));
      store.append([withFile(sidecar.finish("x", ".bin").path)]);
      if (isSetAside) expect(store.setAside()).toBe(`${path}.failed`);
      store.finish(HEADER, [0]);
      return [...readdirSync(join(path, "..")), ...readdirSync(join(path, "../run"))].sort();
    };
    const [old, ofFailed, fresh] = ["old", "of a failed command", "new"].map(
      (content) => `x-${digestText(Buffer.from(content)).slice(0, 8)}.bin`,
    ) as [string, string, string];
    record("old", false);
    expect(record("of a failed command", true)).toEqual(["run", "run.yaml", "run.yaml.failed", old, ofFailed].sort());
    expect(listOrphanedSidecars(path)).toEqual([]);
    createDiskStore(path).discard();
    expect(listOrphanedSidecars(path)).toEqual([]);
    expect(readdirSync(join(path, "../run"))).toHaveLength(2);
    expect(record("new", false)).toEqual(["run", "run.yaml", fresh].sort());
  });

  test("never replace other content that has their name", () => {
    const path = createCassettePath();
    const digest = digestText(Buffer.from("x"));
    mkdirSync(join(path, "../run"));
    writeFileSync(join(path, "../run", `x-${digest.slice(0, 8)}.bin`), "another");
    const store = createDiskStore(path);
    const sidecar = store.sidecar();
    sidecar.write(Buffer.from("x"));
    expect(sidecar.finish("x", ".bin").path).toBe(`run/x-${digest.slice(0, 16)}.bin`);
    store.finish(HEADER, []);
  });

  test("that were discarded or never finished leave nothing", () => {
    const path = createCassettePath();
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    const [one, two] = [store.sidecar(), store.sidecar()];
    two.write(Buffer.from("x"));
    one.discard();
    one.discard();
    expect(readdirSync(join(path, "../run"))).toHaveLength(1);
    store.finish(HEADER, []);
    expect(existsSync(join(path, "../run"))).toBe(false);
  });

  test("of two recordings at a time that share a folder stay apart", () => {
    const path = createCassettePath();
    const stores = [path, path.replace(/yaml$/, "yml")].map((each) => createDiskStore(each));
    for (const store of stores) store.begin(UNFINISHED);
    const drafts = stores.map((store) => store.sidecar());
    for (const [at, draft] of drafts.entries()) draft.write(Buffer.from(`content of ${at}`));
    const [one, two] = drafts as [SidecarWriter, SidecarWriter];
    const first = one.finish("x", ".bin");
    stores[0]?.finish(HEADER, [withFile(first.path)]);
    two.write(Buffer.from(", and more"));
    const second = two.finish("x", ".bin");
    stores[1]?.finish(HEADER, [withFile(second.path)]);
    const contents = [first, second].map((ref) => readFileSync(join(path, "..", ref.path), "utf8"));
    expect(contents).toEqual(["content of 0", "content of 1, and more"]);
    expect(readdirSync(join(path, "../run"))).toHaveLength(2);
  });

  test("that nothing refers to any more go away; a person's files stay", () => {
    const path = createExisting(HEADER);
    const folder = join(path, "../run");
    mkdirSync(folder);
    const names = [
      "old-01234567.tar",
      "kept-89abcdef.tar",
      "quoted-00000000.bin",
      "notes.txt",
      "a-tar.gz",
      ".recording-9",
    ];
    for (const name of names) writeFileSync(join(folder, name), "x");
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    store.append([withFile("run/kept-89abcdef.tar")]);
    store.append([withFile(`"run/quoted-00000000.bin"`)]);
    store.append([withFile("run/old-01234567.tar")]);
    store.finish(HEADER, [0, 1]);
    expect(readdirSync(folder).sort()).toEqual(["a-tar.gz", "kept-89abcdef.tar", "notes.txt", "quoted-00000000.bin"]);
  });

  test("that are referred to across the border of two pieces stay", () => {
    const path = createExisting(HEADER);
    const folder = join(path, "../run");
    mkdirSync(folder);
    writeFileSync(join(folder, "kept-89abcdef.tar"), "x");
    const store = createDiskStore(path);
    store.begin(UNFINISHED);
    const lead = "---\nrequest: GET /f\nresponse:\n  status: 200 OK\n  file: {path: run/kept-8".length;
    const comment = `#${" ".repeat(256 * 1024 - lead - 2)}\n`;
    store.append([comment, withFile("run/kept-89abcdef.tar").slice("---\n".length)]);
    store.finish(HEADER, [0]);
    expect(readdirSync(folder)).toEqual(["kept-89abcdef.tar"]);
  });
});
