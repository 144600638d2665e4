import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import Module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const BIN = join(import.meta.dirname, "../../bin");
/** From 22.1 on Node keeps the code, in files of its own. */
const isKeptByNode = "enableCompileCache" in Module;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "whalesong-compiled-"));
  cpSync(BIN, join(root, "bin"), { recursive: true });
  writeFileSync(join(root, "package.json"), '{"version":"1.2.3"}');
  mkdirSync(join(root, "dist/cjs/chunks"), { recursive: true });
  writeFileSync(join(root, "dist/cjs/package.json"), '{"type":"commonjs"}');
  writeModule("cli.js", 'exports.runCommandLine = () => require("./chunks/" + process.argv[3] + ".js").run();');
  writeModule("chunks/one.js", 'exports.run = () => console.log("one");');
  writeModule("chunks/more.js", 'exports.run = () => console.log("more", require("./one.js").run.length);');
  writeModule("chunks/lazy.js", 'exports.run = () => import("./one.js").then(({ run }) => run());');
  writeModule("chunks/fail.js", "exports.run = () => process.exit(3);");
});
afterEach(() => rmSync(root, { recursive: true }));

function writeModule(name: string, text: string): void {
  writeFileSync(join(root, "dist/cjs", name), `"use strict";\n${text}\n`);
}

function run(words: readonly string[], env: Record<string, string> = {}): { status: number | null; text: string } {
  const argv = [join(root, "bin/whalesong.js"), ...words];
  const options = { encoding: "utf8", env: { ...process.env, NODE_COMPILE_CACHE: undefined, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, options);
  return { status, text: stdout + stderr };
}

function listKept(): string[] {
  const folder = join(root, "dist/compiled");
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function folderOf(command: string): string {
  const name = listKept().find((folder) => folder.startsWith(`${command}-`));
  if (name === undefined) throw new Error(`nothing is kept of ${command}: ${listKept()}`);
  return join(root, "dist/compiled", name);
}

/** The code of chunks/one.js. */
function fileOf(command: string): string {
  return join(folderOf(command), "chunks/one.js");
}

const ONE = { status: 0, text: "one\n" };

test("code is kept beside the bundle, and both starts do the same", () => {
  expect(run(["replay", "one"])).toEqual(ONE);
  expect(listKept()).toHaveLength(1);
  expect(run(["replay", "one"])).toEqual(ONE);
  expect(run(["replay", "more"])).toEqual({ status: 0, text: "more 0\n" });
  for (let start = 0; start < 2; start += 1) expect(run(["replay", "lazy"])).toEqual(ONE);
  expect(run(["replay", "fail"])).toEqual({ status: 3, text: "" });
});

test("a module that was changed and is as long as before is compiled anew", () => {
  run(["replay", "one"]);
  writeModule("chunks/one.js", 'exports.run = () => console.log("two");');
  for (let start = 0; start < 2; start += 1) expect(run(["replay", "one"])).toEqual({ status: 0, text: "two\n" });
});

test("nothing is kept where the folder cannot be made", () => {
  writeFileSync(join(root, "dist/compiled"), "");
  for (let start = 0; start < 2; start += 1) expect(run(["replay", "one"])).toEqual(ONE);
});

test("nothing is kept where Node is told so", () => {
  expect(run(["replay", "one"], { NODE_DISABLE_COMPILE_CACHE: "1" })).toEqual(ONE);
  expect(listKept()).toEqual([]);
});

describe.skipIf(isKeptByNode)("Node 20", () => {
  test("runs the code that is kept", () => {
    run(["replay", "one"]);
    writeModule("chunks/one.js", 'exports.run = () => console.log("two");');
    // A file that says of the old code that it is the new module's: V8 sees only that both texts are equally long.
    const content = readFileSync(fileOf("replay"));
    content.writeUInt32LE(crc32(readFileSync(join(root, "dist/cjs/chunks/one.js"))));
    writeFileSync(fileOf("replay"), content);
    expect(run(["replay", "one"])).toEqual(ONE);
  });

  test("keeps a file as long as it is the module's, and adds those that a command lacks", () => {
    run(["replay", "one"]);
    const first = statSync(fileOf("replay"));
    run(["replay", "one"]);
    run(["replay", "more"]);
    expect(statSync(fileOf("replay")).ino).toBe(first.ino);
    expect(readdirSync(folderOf("replay"), { recursive: true }).sort()).toEqual([
      "chunks",
      "chunks/more.js",
      "chunks/one.js",
      "cli.js",
    ]);
    expect(listKept()).toHaveLength(1);
  });

  test("has a folder for each command that starts often, and one for the rest", () => {
    for (const command of ["replay", "run", "record", "mock", "check", "../../x"]) run([command, "one"]);
    const commands = listKept().map((name) => name.split("-")[0]);
    expect(commands).toEqual(["mock", "other", "record", "replay", "run"]);
  });

  test("leaves no draft where it cannot put the file in its place", () => {
    run(["replay", "one"]);
    const file = fileOf("replay");
    rmSync(file);
    mkdirSync(join(file, "in-the-way"), { recursive: true });
    expect(run(["replay", "one"])).toEqual(ONE);
    expect(readdirSync(join(folderOf("replay"), "chunks"))).toEqual(["one.js"]);
  });

  test("keeps nothing of a process that failed", () => {
    run(["replay", "fail"]);
    expect(listKept()).toEqual([]);
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ["empty", () => Buffer.alloc(0)],
    ["cut", (bytes) => bytes.subarray(0, bytes.length - 1)],
    ["cut in its checksums", (bytes) => bytes.subarray(0, 7)],
    ["longer", (bytes) => Buffer.concat([bytes, Buffer.of(0)])],
    ["altered in its code", (bytes) => alter(bytes, bytes.length - 100)],
    ["altered in the checksum of the text", (bytes) => alter(bytes, 0)],
    ["altered in the checksum of the code", (bytes) => alter(bytes, 4)],
    ["a whole one of nonsense", (bytes) => encodeFile(bytes.readUInt32LE(), Buffer.from("nonsense"))],
  ])("takes a file that is %s for none, and writes it anew", (_, damage) => {
    run(["replay", "one"]);
    const file = fileOf("replay");
    writeFileSync(file, damage(readFileSync(file)));
    const damaged = readFileSync(file);
    expect(run(["replay", "one"])).toEqual(ONE);
    expect(readFileSync(file).equals(damaged)).toBe(false);
    expect(run(["replay", "one"])).toEqual(ONE);
  });
});

function encodeFile(checksum: number, code: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(checksum);
  head.writeUInt32LE(crc32(code), 4);
  return Buffer.concat([head, code]);
}

function alter(bytes: Buffer, at: number): Buffer {
  const altered = Buffer.from(bytes);
  altered[at] = (altered[at] ?? 0) ^ 1;
  return altered;
}
