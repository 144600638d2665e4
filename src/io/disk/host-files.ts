/** Files of this machine as a tree in memory: the initial content of folders that simulated containers mount. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { FileAttributes, TreeNode } from "../../userland/files/node.ts";

const PERMISSIONS = 0o7777;

/** The file or folder at `path` with its content; undefined if it does not exist or cannot be read. */
export function readHostFiles(path: string): TreeNode | undefined {
  try {
    return readNode(path, lstatSync(path));
  } catch {
    return undefined;
  }
}

/** Undefined for sockets, pipes and devices. */
function readNode(path: string, stats: Stats): TreeNode | undefined {
  if (stats.isFile()) return { kind: "file", content: readFileSync(path), ...toAttributes(stats) };
  if (stats.isSymbolicLink()) return { kind: "link", target: readlinkSync(path), ...toAttributes(stats) };
  if (!stats.isDirectory()) return undefined;
  const children = readdirSync(path).flatMap((name): [string, TreeNode][] => {
    const child = readHostFiles(join(path, name));
    return child === undefined ? [] : [[name, child]];
  });
  return { kind: "directory", children: new Map(children), ...toAttributes(stats) };
}

function toAttributes({ mode, uid, gid, mtimeMs }: Stats): FileAttributes {
  return { mode: mode & PERMISSIONS, uid, gid, mtimeMs: Math.floor(mtimeMs) };
}
