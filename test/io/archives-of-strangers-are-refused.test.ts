/** Archives that a bundle may be: whole ones come back, and those that would harm leave nothing outside. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { expect, test } from "vitest";
import { joinBytes } from "../../src/base/bytes.ts";
import { extractArchive } from "../../src/io/archive/extract-archive.ts";
import { writeArchive } from "../../src/io/archive/write-archive.ts";
import { catchError, createTemporaryFolder } from "./temporary.ts";

const LIMITS = { size: 1000, entries: 4 };

type Entry = readonly [header: Partial<Header> & { readonly name: string }, content?: string];

async function archiveOf(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const [header, content = ""] of entries) tar.entry(header as Header, content);
  tar.finalize();
  return gzipSync(await joinBytes(tar as unknown as AsyncIterable<Buffer>));
}

function place(bytes: Buffer): { readonly file: string; readonly into: string; readonly outside: string } {
  const outside = createTemporaryFolder();
  const file = join(outside, "a.tgz");
  const into = join(outside, "into");
  mkdirSync(into);
  writeFileSync(file, bytes);
  return { file, into, outside };
}

test("what is written comes back with its permissions, but for setuid", async () => {
  const folder = createTemporaryFolder();
  const [script, archive, into] = ["run.sh", "a.tgz", "into"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(script, "echo");
  chmodSync(script, 0o4755);
  mkdirSync(into);
  const sources = [
    { name: "a.json", text: "{}\n" },
    { name: `files/${"deep/".repeat(30)}run.sh`, path: script },
  ];
  await writeArchive(archive, sources);
  expect(await extractArchive(archive, into, LIMITS)).toEqual(sources.map(({ name }) => name));
  expect(readFileSync(join(into, "a.json"), "utf8")).toBe("{}\n");
  expect(statSync(join(into, sources[1]?.name ?? "")).mode & 0o7777).toBe(0o755);
  await writeArchive(`${archive}2`, sources);
  expect(readFileSync(`${archive}2`).equals(readFileSync(archive))).toBe(true);
  expect(await catchError(() => writeArchive(archive, sources))).toMatchObject({ code: "WHALESONG_DISK" });
});

const evil: readonly (readonly [what: string, entries: readonly Entry[], why: RegExp])[] = [
  ["a path that climbs", [[{ name: "../evil" }, "x"]], /not one of plain names/],
  ["a path that climbs in the middle", [[{ name: "a/../../evil" }, "x"]], /not one of plain names/],
  ["an absolute path", [[{ name: "/tmp/evil" }, "x"]], /not one of plain names/],
  ["a path of Windows", [[{ name: "..\\evil" }, "x"]], /not one of plain names/],
  ["a name with control characters", [[{ name: "a\x1b[31m" }, "x"]], /not one of plain names/],
  ["a long name that climbs", [[{ name: `${"a/".repeat(150)}../evil` }, "x"]], /not one of plain names/],
  ["a symbolic link", [[{ name: "a", type: "symlink", linkname: "/etc/passwd" }]], /is a symlink/],
  ["a hard link", [[{ name: "a", type: "link", linkname: "/etc/passwd" }]], /is a link/],
  ["a device", [[{ name: "a", type: "character-device" }]], /is a character-device/],
  ["a FIFO", [[{ name: "a", type: "fifo" }]], /is a fifo/],
  [
    "a link, and a file through it",
    [[{ name: "a", type: "symlink", linkname: ".." }], [{ name: "a/evil" }, "x"]],
    /is a symlink/,
  ],
  [
    "a name that comes twice",
    [
      [{ name: "a" }, "x"],
      [{ name: "./a" }, "y"],
    ],
    /twice/,
  ],
  [
    "a file where a folder is",
    [
      [{ name: "a" }, "x"],
      [{ name: "a/b" }, "y"],
    ],
    /EEXIST|ENOTDIR/,
  ],
  [
    "too many bytes",
    [
      [{ name: "a" }, "x".repeat(600)],
      [{ name: "b" }, "x".repeat(600)],
    ],
    /more than 1000 bytes/,
  ],
  ["too many entries", ["a", "b", "c", "d", "e"].map((name): Entry => [{ name }, "x"]), /more than 4 entries/],
  ["a header as long as a book", [[{ name: "a", pax: { comment: "x".repeat(70_000) } }, "x"]], /longer than any/],
];

test.each(evil)("%s is refused", async (_what, entries, why) => {
  const { file, into, outside } = place(await archiveOf(entries));
  const error = await catchError(() => extractArchive(file, into, LIMITS));
  expect(error).toMatchObject({ code: "WHALESONG_BAD_BUNDLE", message: expect.stringMatching(why) });
  expect(readdirSync(outside).sort()).toEqual(["a.tgz", "into"]);
  expect(existsSync("/tmp/evil")).toBe(false);
});

test("a bomb is refused before it has gone off", async () => {
  const { file, into } = place(gzipSync(Buffer.alloc(64 * 1024 * 1024, "\0")));
  const error = await catchError(() => extractArchive(file, into, LIMITS));
  expect(error).toMatchObject({ code: "WHALESONG_BAD_BUNDLE", message: expect.stringMatching(/more than 1000 bytes/) });
});

test.each([
  ["no gzip", Buffer.from("whalesong: 1\n")],
  ["a gzip of no tar", gzipSync(Buffer.from("x".repeat(600)))],
  ["a cut gzip", gzipSync(Buffer.alloc(5000, "x")).subarray(0, 20)],
])("%s is refused", async (_what, bytes) => {
  const { file, into } = place(bytes);
  expect(await catchError(() => extractArchive(file, into, LIMITS))).toMatchObject({ code: "WHALESONG_BAD_BUNDLE" });
});

test("a link in the target is not followed", async () => {
  const { file, into, outside } = place(await archiveOf([[{ name: "a" }, "evil"]]));
  writeFileSync(join(outside, "mine"), "mine");
  symlinkSync(join(outside, "mine"), join(into, "a"));
  await catchError(() => extractArchive(file, into, LIMITS));
  expect(readFileSync(join(outside, "mine"), "utf8")).toBe("mine");
});
