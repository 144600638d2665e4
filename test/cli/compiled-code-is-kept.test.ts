import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
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

function fileOf(command: string): string {
  const name = listKept().find((file) => file.startsWith(`${command}-`));
  if (name === undefined) throw new Error(`nothing is kept of ${command}: ${listKept()}`);
  return join(root, "dist/compiled", name);
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
    const before = readFileSync(join(root, "dist/cjs/chunks/one.js"));
    writeModule("chunks/one.js", 'exports.run = () => console.log("two");');
    const after = readFileSync(join(root, "dist/cjs/chunks/one.js"));
    // A file that says of the old code that it is the new module's: V8 sees only that both texts are equally long.
    const file = fileOf("replay");
    const content = readFileSync(file)
      .subarray(32)
      .toString("latin1")
      .replace(hash(before).toString("hex"), hash(after).toString("hex"));
    writeFileSync(file, withHash(Buffer.from(content, "latin1")));
    expect(run(["replay", "one"])).toEqual(ONE);
  });

  test("keeps the file of a command as long as it has all modules, and adds those that it lacks", () => {
    run(["replay", "one"]);
    const file = fileOf("replay");
    const first = readFileSync(file);
    run(["replay", "one"]);
    expect(readFileSync(file).equals(first)).toBe(true);
    run(["replay", "more"]);
    const index = readFileSync(file, "latin1");
    for (const name of ["cli.js", "chunks/one.js", "chunks/more.js"]) expect(index).toContain(name);
    expect(listKept()).toHaveLength(1);
  });

  test("has a file for each command that starts often, and one for the rest", () => {
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
    expect(listKept()).toEqual([basename(file)]);
  });

  test("keeps nothing of a process that failed", () => {
    run(["replay", "fail"]);
    expect(listKept()).toEqual([]);
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ["empty", () => Buffer.alloc(0)],
    ["cut", (bytes) => bytes.subarray(0, bytes.length - 1)],
    ["cut in its hash", (bytes) => bytes.subarray(0, 20)],
    ["longer", (bytes) => Buffer.concat([bytes, Buffer.of(0)])],
    ["altered in its code", (bytes) => alter(bytes, bytes.length - 100)],
    ["altered in its index", (bytes) => alter(bytes, 40)],
    ["altered in its hash", (bytes) => alter(bytes, 0)],
    ["a whole one of nonsense", () => withHash(Buffer.from("\x02\0\0\0{}"))],
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

function hash(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function withHash(bytes: Buffer): Buffer {
  return Buffer.concat([hash(bytes), bytes]);
}

function alter(bytes: Buffer, at: number): Buffer {
  const altered = Buffer.from(bytes);
  altered[at] = (altered[at] ?? 0) ^ 1;
  return altered;
}
