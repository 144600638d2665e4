/** The lines of `ls`. */
import type { Disk } from "../../files/disk.ts";
import { sizeOf, type TreeNode } from "../../files/node.ts";
import { formatTime } from "../format-time.ts";
import {
  countBlocks,
  countLinks,
  formatGroup,
  formatHumanSize,
  formatMode,
  formatUser,
  toInode,
} from "./format-file.ts";

const WIDTH = 80;
const NS_PER_MS = 1_000_000n;
/** Dates that are older than half a year, or in the future, have a year and no time of day. */
const RECENT_MS = (365 * 86_400_000) / 2;
const GAP = 2;

export interface ListedFile {
  readonly name: string;
  readonly path: string;
  readonly node: TreeNode;
}

type Flags = ReadonlyMap<string, string>;

export function formatEntries(files: readonly ListedFile[], flags: Flags, disk: Disk, nowMs: number): string {
  const isLong = flags.has("l") || flags.has("n") || flags.has("full-time");
  const rows = files.map((file) => (isLong ? formatLongLine(file, flags, disk, nowMs) : formatShort(file, flags)));
  const isInColumns = !isLong && (flags.has("C") || flags.has("x")) && !flags.has("1");
  return isInColumns
    ? arrangeColumns(rows, Number(flags.get("w") ?? WIDTH), flags.has("x"))
    : rows.map((row) => `${row}\n`).join("");
}

function formatShort({ name, path, node }: ListedFile, flags: Flags): string {
  const inode = flags.has("i") ? `${String(toInode(path)).padStart(7)} ` : "";
  const blocks = flags.has("s") ? `${formatBlocks(node)} ` : "";
  return `${inode}${blocks}${name}${formatMark(node, flags)}`;
}

function formatBlocks(node: TreeNode): string {
  return String(countBlocks(node) / 2).padStart(6);
}

/** `-F` marks programs, folders, links and the like; `-p` only folders. */
function formatMark(node: TreeNode, flags: Flags): string {
  if (!flags.has("F") && !flags.has("p")) return "";
  if (node.kind === "directory") return "/";
  if (!flags.has("F")) return "";
  if (node.kind === "link") return "@";
  if (node.kind === "device") return { fifo: "|", socket: "=", character: "", block: "" }[node.type];
  return (node.mode & 0o111) !== 0 ? "*" : "";
}

function formatLongLine(file: ListedFile, flags: Flags, disk: Disk, nowMs: number): string {
  const { name, path, node } = file;
  const inode = flags.has("i") ? `${String(toInode(path)).padStart(7)} ` : "";
  const blocks = flags.has("s") ? `${formatBlocks(node)} ` : "";
  const links = String(countLinks(node)).padStart(4);
  const areNumbers = flags.has("n");
  const owner = [
    (areNumbers ? String(node.uid) : formatUser(disk, node.uid)).slice(0, 8).padEnd(8),
    (areNumbers ? String(node.gid) : formatGroup(disk, node.gid)).slice(0, 8).padEnd(8),
  ].join(" ");
  const target = node.kind === "link" ? ` -> ${node.target}${formatTargetMark(path, flags, disk)}` : "";
  const mark = node.kind === "link" ? "" : formatMark(node, flags);
  const size = formatSize(node, flags);
  return `${inode}${blocks}${formatMode(node)} ${links} ${owner} ${size} ${formatDate(node.mtimeMs, flags, nowMs)} ${name}${mark}${target}`;
}

function formatTargetMark(path: string, flags: Flags, disk: Disk): string {
  const node = disk.peek(path);
  return node === undefined ? "" : formatMark(node, flags);
}

function formatSize(node: TreeNode, flags: Flags): string {
  if (node.kind === "device" && (node.type === "character" || node.type === "block"))
    return `${String(node.major).padStart(4)}, ${String(node.minor).padStart(3)}`;
  return flags.has("h") ? formatHumanSize(sizeOf(node)).padStart(7) : String(sizeOf(node)).padStart(9);
}

function formatDate(mtimeMs: number, flags: Flags, nowMs: number): string {
  const ns = BigInt(Math.round(mtimeMs)) * NS_PER_MS;
  if (flags.has("full-time")) return formatTime("%Y-%m-%d %H:%M:%S %z", ns);
  const age = nowMs - mtimeMs;
  return formatTime(age < RECENT_MS && age > -RECENT_MS ? "%b %e %H:%M" : "%b %e  %Y", ns);
}

/** Columns from top to bottom, or with `-x` rows from left to right. */
function arrangeColumns(names: readonly string[], width: number, areRows: boolean): string {
  const longest = Math.max(0, ...names.map(({ length }) => length)) + GAP;
  const columns = Math.max(1, Math.floor(width / longest));
  const rows = Math.ceil(names.length / columns);
  return Array.from({ length: rows }, (_, row) => {
    const cells = Array.from(
      { length: columns },
      (_column, at) => names[areRows ? row * columns + at : at * rows + row],
    );
    const shown = cells.filter((cell) => cell !== undefined);
    return `${shown.map((cell, at) => (at === shown.length - 1 ? cell : cell.padEnd(longest))).join("")}\n`;
  }).join("");
}
