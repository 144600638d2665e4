import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compareTreePaths,
  encodeTarPadding,
  encodeTreeHeader,
  readTreeTar,
  TAR_END,
} from "../../src/cassette/tree-tar.ts";
import { type FileStat, toGoMode } from "../../src/wire/buildkit/files/file-stat.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { countTries } from "../playbook/seed.ts";

const name = fc.stringMatching(/^[a-zäß ]{1,60}$/).filter((text) => text.trim() === text);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
const modTime = fc.bigInt({ min: -5_000_000_000_000_000_000n, max: 5_000_000_000_000_000_000n });

const anyEntry = fc
  .record({
    path,
    type: fc.constantFrom("file", "directory", "symlink", "link", "device", "fifo"),
    permissions: fc.nat(0o7777),
    uid: fc.nat(),
    gid: fc.nat(),
    modTime,
    link: path,
    xattr: fc.option(fc.uint8Array({ maxLength: 20 }), { nil: undefined }),
    content: fc.uint8Array({ maxLength: 1200 }),
  })
  .map(({ type, permissions, link, xattr, content, ...fields }) => {
    const bytes = type === "file" ? Buffer.from(content) : Buffer.alloc(0);
    const linkname = type === "symlink" || type === "link" ? link : "";
    const size = type === "symlink" ? Buffer.byteLength(linkname) : type === "link" ? 12 : bytes.length;
    const stat: FileStat = {
      ...fields,
      mode: toGoMode(type === "link" ? "file" : type, permissions),
      size,
      linkname,
      devmajor: type === "device" ? 7 : 0,
      devminor: type === "device" ? 3 : 0,
      xattrs: xattr === undefined ? {} : { "user.note": Buffer.from(xattr) },
    };
    return { stat, bytes };
  });

const anyTree = fc.uniqueArray(anyEntry, { selector: ({ stat }) => stat.path, maxLength: 5 });

function toTar(tree: readonly { stat: FileStat; bytes: Buffer }[]): Buffer {
  const blocks = tree.flatMap(({ stat, bytes }) => [
    encodeTreeHeader(stat, bytes.length),
    bytes,
    encodeTarPadding(bytes.length),
  ]);
  return Buffer.concat([...blocks, TAR_END]);
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700);
}

test("a tree that is written as a tar comes back with all that was told of its files", async () => {
  await fc.assert(
    fc.asyncProperty(anyTree, async (tree) => {
      const tar = toTar(tree);
      const sorted = tree.toSorted((one, other) => compareTreePaths(one.stat.path, other.stat.path));
      const files = await readTreeTar(inPieces(tar));
      expect(files.map(({ stat }) => stat)).toEqual(sorted.map(({ stat }) => stat));
      expect(files.map(({ offset, size }) => tar.subarray(offset, offset + size))).toEqual(
        sorted.map(({ bytes }) => bytes),
      );
    }),
    countTries(200),
  );
});

test("tar itself unpacks it, that of macOS, too", () => {
  const stat = {
    uid: 0,
    gid: 0,
    modTime: 1_700_000_000_500_000_000n,
    devmajor: 0,
    devminor: 0,
    xattrs: {},
    linkname: "",
  };
  const long = `${"folder/".repeat(20)}ä`;
  const tar = toTar([
    { stat: { ...stat, path: "d", mode: toGoMode("directory", 0o755), size: 0 }, bytes: Buffer.alloc(0) },
    { stat: { ...stat, path: long, mode: 0o600, size: 3 }, bytes: Buffer.from("abc") },
  ]);
  const folder = createTemporaryFolder();
  // That of macOS is bsdtar, which makes names only of letters that the locale has.
  execFileSync("tar", ["-xf", "-"], { cwd: folder, input: tar, env: { ...process.env, LC_ALL: "en_US.UTF-8" } });
  expect(statSync(join(folder, "d")).isDirectory()).toBe(true);
  expect(readFileSync(join(folder, long), "utf8")).toBe("abc");
});
