/** Files of this machine as a tree in memory: the initial content of folders that simulated containers mount. */
import { closeSync, constants, lstatSync, openSync, readdirSync, readlinkSync, readSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { FileAttributes, TreeNode } from "../../userland/files/node.ts";

const PERMISSIONS = 0o7777;

/** How much of a mounted folder is read: it is held in memory, and nothing else happens meanwhile. */
export interface HostFileLimits {
  /** @default 50000 */
  readonly files: number;
  /** @default 256 MiB */
  readonly bytes: number;
}

const LIMITS: HostFileLimits = { files: 50_000, bytes: 256 * 1024 * 1024 };

/**
 * The file or folder at `path` with its content; undefined if it does not exist or cannot be read. What is beyond the
 * limits is left out, and a warning says so.
 */
export function readHostFiles(path: string, limits: HostFileLimits = LIMITS): TreeNode | undefined {
  const reader = new TreeReader(limits);
  const node = reader.read(path);
  if (reader.isExhausted) warnOfLimits(path, limits);
  return node;
}

/** Reads one tree, as far as its limits go. */
class TreeReader {
  #files: number;
  #bytes: number;
  isExhausted = false;

  constructor({ files, bytes }: HostFileLimits) {
    this.#files = files;
    this.#bytes = bytes;
  }

  read(path: string): TreeNode | undefined {
    if (this.#files <= 0) this.isExhausted = true;
    if (this.isExhausted) return undefined;
    this.#files -= 1;
    try {
      return this.#readNode(path, lstatSync(path));
    } catch {
      return undefined;
    }
  }

  /** Undefined for sockets, pipes and devices. */
  #readNode(path: string, stats: Stats): TreeNode | undefined {
    if (stats.isFile()) return this.#readFile(path, stats);
    if (stats.isSymbolicLink()) return { kind: "link", target: readlinkSync(path), ...toAttributes(stats) };
    if (!stats.isDirectory()) return undefined;
    const children = readdirSync(path).flatMap((name): [string, TreeNode][] => {
      const child = this.read(join(path, name));
      return child === undefined ? [] : [[name, child]];
    });
    return { kind: "directory", children: new Map(children), ...toAttributes(stats) };
  }

  #readFile(path: string, stats: Stats): TreeNode | undefined {
    this.#bytes -= stats.size;
    if (this.#bytes < 0) this.isExhausted = true;
    if (this.isExhausted) return undefined;
    return { kind: "file", content: readSized(path, stats.size), ...toAttributes(stats) };
  }
}

/** Files of /proc have no size and may have no end, or block: nothing beyond the size is read. */
function readSized(path: string, size: number): Buffer {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const content = Buffer.alloc(size);
    let end = 0;
    for (let count = -1; count !== 0 && end < size; end += count) count = readSync(fd, content, end, size - end, end);
    return content.subarray(0, end);
  } finally {
    closeSync(fd);
  }
}

function warnOfLimits(path: string, { files, bytes }: HostFileLimits): void {
  const message = `containers get only a part of ${path}: it has more than ${files} files or ${bytes} bytes; mount the folder that they need`;
  process.emitWarning(message, { code: "WHALESONG_HOST_FILES_LIMIT" });
}

function toAttributes({ mode, uid, gid, mtimeMs }: Stats): FileAttributes {
  return { mode: mode & PERMISSIONS, uid, gid, mtimeMs: Math.floor(mtimeMs) };
}
