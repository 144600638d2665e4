/** What `ls`, `stat` and `chmod` write about a file. */
import { findGroupName, findUserName } from "../../files/accounts.ts";
import type { Disk } from "../../files/disk.ts";
import { sizeOf, type TreeNode } from "../../files/node.ts";

const KIND_LETTERS = { file: "-", directory: "d", link: "l" };
const DEVICE_LETTERS = { character: "c", block: "b", fifo: "p", socket: "s" };
const KIND_BITS = { file: 0o100000, directory: 0o040000, link: 0o120000 };
const DEVICE_BITS = { character: 0o020000, block: 0o060000, fifo: 0o010000, socket: 0o140000 };
const BLOCK = 4096;
const UNIT = 512;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const FIRST_INODE = 1_000_000;

/** `rwxr-xr-x`, with the setuid, setgid and sticky bits. */
export function formatPermissions(mode: number): string {
  const bits = [..."rwxrwxrwx"].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : "-"));
  if (mode & 0o4000) bits[2] = bits[2] === "x" ? "s" : "S";
  if (mode & 0o2000) bits[5] = bits[5] === "x" ? "s" : "S";
  if (mode & 0o1000) bits[8] = bits[8] === "x" ? "t" : "T";
  return bits.join("");
}

export function formatMode(node: TreeNode): string {
  const letter = node.kind === "device" ? DEVICE_LETTERS[node.type] : KIND_LETTERS[node.kind];
  return letter + formatPermissions(node.mode);
}

/** The mode with the bits of the file's kind, as stat(2) has it. */
export function toRawMode(node: TreeNode): number {
  return (node.kind === "device" ? DEVICE_BITS[node.type] : KIND_BITS[node.kind]) | node.mode;
}

export function formatUser(disk: Disk, uid: number, unknown: string = String(uid)): string {
  return findUserName(disk, uid) ?? unknown;
}

export function formatGroup(disk: Disk, gid: number, unknown: string = String(gid)): string {
  return findGroupName(disk, gid) ?? unknown;
}

/** Allocated blocks of 512 bytes. */
export function countBlocks(node: TreeNode): number {
  if (node.kind === "link" || node.kind === "device") return 0;
  return (Math.ceil(sizeOf(node) / BLOCK) * BLOCK) / UNIT;
}

/** A folder has a link for itself, one for its name, and one for each folder in it. */
export function countLinks(node: TreeNode): number {
  if (node.kind !== "directory") return 1;
  return 2 + [...node.children.values()].filter(({ kind }) => kind === "directory").length;
}

/** The number of a file, which stays the same as long as its path does. */
export function toInode(path: string): number {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(path)) hash = Math.imul(hash ^ byte, FNV_PRIME) >>> 0;
  return FIRST_INODE + (hash % FIRST_INODE);
}

/** `4.0K`, `1.5M`: with a unit of 1024 (busybox libbb/human_readable.c). */
export function formatHumanSize(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < 5) {
    value /= 1024;
    unit += 1;
  }
  if (unit === 0) return String(bytes);
  const tenths = Math.round(value * 10);
  const [size, next] = tenths >= 10240 ? [1, 1] : [tenths / 10, 0];
  return `${size.toFixed(1)}${"KMGTP"[unit - 1 + next]}`;
}
