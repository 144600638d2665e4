/** The tests of `find`: what a file must be to be found. */
import { findGroup, findUser } from "../../files/accounts.ts";
import { sizeOf, type TreeNode } from "../../files/node.ts";
import { parseMode } from "../../files/parse-mode.ts";
import { toBaseName } from "../../files/path.ts";
import { EXECUTE } from "../../files/permissions.ts";
import type { Process } from "../../process/process.ts";
import { isPatternMatch } from "../../shell/pattern.ts";
import { AppletError } from "../applet-errors.ts";
import { parseCount } from "../read-options.ts";
import { compilePattern } from "../text/posix-pattern.ts";
import { countLinks, toInode } from "./format-file.ts";

/** A file as `find` comes by it. */
export interface FoundFile {
  readonly path: string;
  /** As it is printed: from the start in the command line on. */
  readonly shown: string;
  readonly node: TreeNode;
}

export type FileTest = (file: FoundFile) => boolean;

const KINDS = "fdlbcps";
const SIZE_UNITS: Readonly<Record<string, number>> = { "": 512, b: 512, c: 1, w: 2, k: 1024 };
const DAY_S = 86_400;
const MINUTE_S = 60;

/** Makes a test of its argument. */
type TestFactory = (argument: string, self: Process) => FileTest;

/** The tests that take an argument. @throws AppletError for an argument that means nothing */
export const TESTS: Readonly<Record<string, TestFactory>> = {
  "-name": (glob) => (file) => isPatternMatch(toBaseName(file.shown), glob),
  "-iname": (glob) => (file) => isPatternMatch(toBaseName(file.shown).toLowerCase(), glob.toLowerCase()),
  "-path": (glob) => (file) => isPatternMatch(file.shown, glob),
  "-ipath": (glob) => (file) => isPatternMatch(file.shown.toLowerCase(), glob.toLowerCase()),
  "-regex": createRegexTest,
  "-type": createKindTest,
  "-perm": createPermissionTest,
  "-size": createSizeTest,
  "-user": (name, self) => createOwnerTest("uid", findUser(self.disk, name)?.uid, name, "user"),
  "-group": (name, self) => createOwnerTest("gid", findGroup(self.disk, name), name, "group"),
  "-newer": createNewerTest,
  "-samefile": createSameTest,
  "-inum": (text) => {
    const inode = parseCount(text);
    return ({ path }) => toInode(path) === inode;
  },
  "-links": (text) => {
    const compare = createNumberTest(text);
    return ({ node }) => compare(countLinks(node));
  },
  "-mtime": (text, self) => createAgeTest(text, DAY_S, self),
  "-atime": (text, self) => createAgeTest(text, DAY_S, self),
  "-ctime": (text, self) => createAgeTest(text, DAY_S, self),
  "-mmin": (text, self) => createAgeTest(text, MINUTE_S, self),
  "-amin": (text, self) => createAgeTest(text, MINUTE_S, self),
  "-cmin": (text, self) => createAgeTest(text, MINUTE_S, self),
};

/** The tests that take none. */
export const PLAIN_TESTS: Readonly<Record<string, (self: Process) => FileTest>> = {
  "-empty":
    () =>
    ({ node }) =>
      node.kind === "directory" ? node.children.size === 0 : node.kind === "file" && node.content.length === 0,
  "-executable":
    (self) =>
    ({ path }) =>
      self.disk.mayAccess(path, EXECUTE),
};

function createRegexTest(pattern: string): FileTest {
  const expression = compilePattern(`^\\(${pattern}\\)$`, false);
  return ({ shown }) => expression.test(shown);
}

function createKindTest(letter: string): FileTest {
  if (letter.length !== 1 || !KINDS.includes(letter)) throw new AppletError(`invalid argument '${letter}' to '-type'`);
  return ({ node }) => toKindLetter(node) === letter;
}

function toKindLetter(node: TreeNode): string {
  if (node.kind === "device") return { character: "c", block: "b", fifo: "p", socket: "s" }[node.type];
  return { file: "f", directory: "d", link: "l" }[node.kind];
}

/** `644` exactly, `-644` all of these bits, `+644` or `/644` one of them. */
function createPermissionTest(text: string): FileTest {
  const [, sign = "", mode = ""] = /^([-+/]?)(.*)$/.exec(text) ?? [];
  const mask = parseMode(mode, { mode: 0, isFolder: false, umask: 0 });
  if (mask === undefined) throw new AppletError(`invalid mode '${text}'`);
  return ({ node }) => {
    if (sign === "-") return (node.mode & mask) === mask;
    return sign === "" ? node.mode === mask : (node.mode & mask) !== 0;
  };
}

function createSizeTest(text: string): FileTest {
  const [, sign = "", digits, unit = ""] = /^([-+]?)(\d+)([a-z]?)$/.exec(text) ?? [];
  const factor = SIZE_UNITS[unit];
  if (digits === undefined || factor === undefined)
    throw new AppletError(`invalid number '${text.replace(/^[-+]/, "")}'`);
  return ({ node }) => compareWithSign(sizeOf(node), sign, Number(digits) * factor);
}

function createOwnerTest(key: "uid" | "gid", found: number | undefined, name: string, what: string): FileTest {
  const id = found ?? (/^\d+$/.test(name) ? Number(name) : undefined);
  if (id === undefined) throw new AppletError(`unknown ${what} ${name}`);
  return ({ node }) => node[key] === id;
}

function createNewerTest(name: string, self: Process): FileTest {
  const node = self.disk.peek(self.resolvePath(name));
  if (node === undefined) throw new AppletError(`can't stat '${name}': No such file or directory`);
  return (file) => file.node.mtimeMs > node.mtimeMs;
}

function createSameTest(name: string, self: Process): FileTest {
  const path = self.resolvePath(name);
  if (self.disk.peek(path) === undefined) throw new AppletError(`can't stat '${name}': No such file or directory`);
  const real = self.disk.find(path).path;
  return (file) => self.disk.find(file.path, false).path === real;
}

function createNumberTest(text: string): (value: number) => boolean {
  const [, sign = "", digits] = /^([-+]?)(\d+)$/.exec(text) ?? [];
  if (digits === undefined) throw new AppletError(`invalid number '${text.replace(/^[-+]/, "")}'`);
  return (value) => compareWithSign(value, sign, Number(digits));
}

/** `+2`: older than two units and a half-open one; `-2`: younger; `2`: in the third. */
function createAgeTest(text: string, unit: number, self: Process): FileTest {
  const [, sign = "", digits] = /^([-+]?)(\d+)$/.exec(text) ?? [];
  if (digits === undefined) throw new AppletError(`invalid number '${text.replace(/^[-+]/, "")}'`);
  const least = Number(digits) * unit;
  const nowS = Math.floor(Number(self.time.now() / 1_000_000_000n));
  return ({ node }) => {
    const age = nowS - Math.floor(node.mtimeMs / 1000);
    if (sign === "-") return age < least;
    return age >= least + (sign === "+" ? unit : 0) && (sign === "+" || age < least + unit);
  };
}

function compareWithSign(value: number, sign: string, limit: number): boolean {
  if (sign === "+") return value > limit;
  return sign === "-" ? value < limit : value === limit;
}
