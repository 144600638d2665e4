/** `stat`, `readlink` and `pwd`. */

import type { Disk } from "../../files/disk.ts";
import { FileError } from "../../files/file-error.ts";
import { sizeOf, type TreeNode } from "../../files/node.ts";
import type { Process, Program } from "../../process/process.ts";
import { complain, expectWords } from "../applet-errors.ts";
import { formatTime } from "../format-time.ts";
import { readOptions } from "../read-options.ts";
import { applyToPaths } from "./for-each-path.ts";
import { countBlocks, countLinks, formatGroup, formatMode, formatUser, toInode, toRawMode } from "./format-file.ts";

const BLOCK = 4096;
const UNIT = 512;
const NS_PER_MS = 1_000_000n;
const DEVICE = 0x2a;
const DISK_BLOCKS = 16_777_216;
const KIND_NAMES = { directory: "directory", link: "symbolic link" };
const DEVICE_NAMES = {
  character: "character special file",
  block: "block special file",
  fifo: "fifo",
  socket: "socket",
};
const TERSE = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %o";
const TERSE_DISK = "%n %i %l %t %s %S %b %f %a %c %d";
const FULL = `  File: %N
  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F
Device: %Dh/%dd\tInode: %-10i  Links: %h
Access: (%04a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)
Access: %x
Modify: %y
Change: %z
`;
const FULL_DISK = `  File: "%n"
    ID: %-8i Namelen: %-7l Type: %T
Block size: %-10s
Blocks: Total: %-10b Free: %-10f Available: %a
Inodes: Total: %-10c Free: %d
`;

export const pwd: Program = async (self) => {
  const { flags } = readOptions(self.argv, "LP");
  await self.writeStdout(`${flags.has("P") ? self.disk.find(self.cwd).path : self.cwd}\n`);
  return 0;
};

export const readlink: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "fnvsq");
  expectWords(words, 1, 1);
  const [word = ""] = words;
  try {
    const path = self.resolvePath(word);
    const node = self.disk.find(path, flags.has("f")).node;
    if (!flags.has("f") && node?.kind !== "link") {
      return flags.has("v")
        ? await complain(
            self,
            `${word}: cannot read link: ${node === undefined ? "No such file or directory" : "not a symlink"}`,
          )
        : 1;
    }
    const text = node?.kind === "link" ? node.target : self.disk.find(path).path;
    await self.writeStdout(`${text}${flags.has("n") ? "" : "\n"}`);
    return 0;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return flags.has("v") ? complain(self, `${word}: cannot read link: ${error.message}`) : 1;
  }
};

export const stat: Program = (self) => {
  const { flags, words } = readOptions(self.argv, "c:fLt");
  expectWords(words, 1);
  const ofDisk = flags.has("f");
  const standard = flags.has("t") ? `${ofDisk ? TERSE_DISK : TERSE}\n` : ofDisk ? FULL_DISK : FULL;
  const format = flags.has("c") ? `${flags.get("c")}\n` : standard;
  return applyToPaths(
    self,
    words,
    (word) => (ofDisk ? `can't read file system information for '${word}'` : `can't stat '${word}'`),
    async (path, word) => {
      const node = self.disk.stat(path, flags.has("L"));
      const fields = ofDisk ? describeDisk(word) : describeFile(self, path, word, node);
      await self.writeStdout(fillFormat(format, fields));
    },
  );
};

/** An unknown letter stands for itself. */
function fillFormat(format: string, fields: Readonly<Record<string, string>>): string {
  return format.replace(
    /%(-?)(0?)(\d*)([A-Za-z%])/g,
    (_, left: string, zero: string, width: string, letter: string) => {
      const text = letter === "%" ? "%" : (fields[letter] ?? letter);
      return left === "-" ? text.padEnd(Number(width)) : text.padStart(Number(width), zero === "0" ? "0" : " ");
    },
  );
}

function describeFile(self: Process, path: string, word: string, node: TreeNode): Readonly<Record<string, string>> {
  const { disk } = self;
  const seconds = String(Math.floor(node.mtimeMs / 1000));
  const time = formatStamp(node.mtimeMs);
  const isDevice = node.kind === "device";
  return {
    a: (node.mode & 0o7777).toString(8), A: formatMode(node), b: String(countBlocks(node)), B: String(UNIT),
    d: String(DEVICE), D: DEVICE.toString(16), f: toRawMode(node).toString(16), F: formatKind(node),
    g: String(node.gid), G: formatGroup(disk, node.gid, "UNKNOWN"), h: String(countLinks(node)), i: String(toInode(realPath(disk, path))),
    n: word, N: node.kind === "link" ? `'${word}' -> '${node.target}'` : word, o: String(BLOCK), s: String(sizeOf(node)),
    t: isDevice ? node.major.toString(16) : "0", T: isDevice ? node.minor.toString(16) : "0", u: String(node.uid), U: formatUser(disk, node.uid, "UNKNOWN"),
    x: time, X: seconds, y: time, Y: seconds, z: time, Z: seconds,
  }; // biome-ignore format: a table
}

function realPath(disk: Disk, path: string): string {
  return disk.find(path, false).path;
}

function formatKind(node: TreeNode): string {
  if (node.kind === "file") return node.content.length === 0 ? "regular empty file" : "regular file";
  return node.kind === "device" ? DEVICE_NAMES[node.type] : KIND_NAMES[node.kind];
}

function formatStamp(ms: number): string {
  return formatTime("%Y-%m-%d %H:%M:%S.%N %z", BigInt(Math.round(ms * 1000)) * (NS_PER_MS / 1000n));
}

/** An overlay with half of its room left. */
function describeDisk(word: string): Readonly<Record<string, string>> {
  const [all, free] = [String(DISK_BLOCKS), String(DISK_BLOCKS / 2)];
  return {
    n: word, i: "0", l: "255", t: "794c7630", T: "overlayfs", s: String(BLOCK), S: String(BLOCK),
    b: all, f: free, a: free, c: all, d: free,
  }; // biome-ignore format: a table
}
