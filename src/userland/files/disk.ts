/**
 * What the processes of one container see as their files: a root, and what is mounted into it. Each mount is a cell
 * that holds a tree; a volume's cell is shared by all who mount it.
 */
import {
  type DeviceNode,
  type DirectoryNode,
  directoryNode,
  type FileNode,
  fileNode,
  type LinkNode,
  linkNode,
  type TreeNode,
} from "./node.ts";
import { absolute, baseName, isWithin, parentOf, segmentsOf } from "./path.ts";
import { nodeAt, withNode } from "./tree.ts";

/** Holds the tree as it is now. */
export interface Cell {
  root: DirectoryNode;
}

export interface Mount {
  /** Absolute, without links. */
  readonly at: string;
  readonly cell: Cell;
  readonly isReadOnly?: boolean;
  /** A single file, such as /etc/hosts: the child of the cell's root of this name. */
  readonly file?: string;
}

export type FileErrorCode =
  | "ENOENT"
  | "ENOTDIR"
  | "EISDIR"
  | "EEXIST"
  | "ENOTEMPTY"
  | "ELOOP"
  | "EROFS"
  | "EACCES"
  | "EBUSY";

const SAID: Readonly<Record<FileErrorCode, string>> = {
  ENOENT: "No such file or directory",
  ENOTDIR: "Not a directory",
  EISDIR: "Is a directory",
  EEXIST: "File exists",
  ENOTEMPTY: "Directory not empty",
  ELOOP: "Too many levels of symbolic links",
  EROFS: "Read-only file system",
  EACCES: "Permission denied",
  EBUSY: "Device or resource busy",
};
const MOST_LINKS = 40;

/** What a system call on files failed with; its message is libc's. */
export class FileError extends Error {
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode) {
    super(SAID[code]);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Where a path leads. */
export interface Found {
  /** Absolute, without links. */
  readonly path: string;
  readonly node: TreeNode | undefined;
}

export class Disk {
  readonly #mounts: readonly Mount[];
  readonly #nowMs: () => number;

  /** `mounts` begin with that of `/`; later ones lie over earlier ones. */
  constructor(mounts: readonly Mount[], nowMs: () => number) {
    this.#mounts = mounts;
    this.#nowMs = nowMs;
  }

  get mounts(): readonly Mount[] {
    return this.#mounts;
  }

  /** Follows links along `path`, and the last one too unless `followsLast` is false. */
  find(path: string, followsLast = true): Found {
    const pending = segmentsOf(path);
    if (path.length > 1 && path.endsWith("/")) pending.push(".");
    let real = "/";
    for (let links = 0; pending.length > 0; ) {
      const name = pending.shift() as string;
      if (name === ".") continue;
      const here = absolute(name, real);
      const node = name === ".." ? undefined : this.#at(here);
      if (node?.kind === "link" && (pending.length > 0 || followsLast)) {
        if (++links > MOST_LINKS) throw new FileError("ELOOP");
        const target = node.target.startsWith("/") ? node.target : `${real}/${node.target}`;
        pending.unshift(...segmentsOf(target));
        real = "/";
      } else if (node === undefined && pending.length > 0 && name !== "..") throw new FileError("ENOENT");
      else if (node !== undefined && node.kind !== "directory" && pending.length > 0) throw new FileError("ENOTDIR");
      else real = here;
    }
    return { path: real, node: this.#at(real) };
  }

  /** What is at `path`, or undefined where there is nothing, for whatever reason. */
  peek(path: string, followsLast = true): TreeNode | undefined {
    try {
      return this.find(path, followsLast).node;
    } catch {
      return undefined;
    }
  }

  /** @throws FileError `ENOENT` and the like */
  stat(path: string, followsLast = true): TreeNode {
    const { node } = this.find(path, followsLast);
    if (node === undefined) throw new FileError("ENOENT");
    return node;
  }

  /** What is in the folder, mount points included. */
  list(path: string): ReadonlyMap<string, TreeNode> {
    const { path: real, node } = this.find(path);
    if (node === undefined) throw new FileError("ENOENT");
    if (node.kind !== "directory") throw new FileError("ENOTDIR");
    const mounted = this.#mounts.filter(({ at }) => at !== "/" && at !== real && parentOf(at) === real);
    if (mounted.length === 0) return node.children;
    return new Map([...node.children, ...mounted.map(({ at }) => [baseName(at), this.#at(at) as TreeNode] as const)]);
  }

  read(path: string): Buffer {
    const node = this.stat(path);
    if (node.kind === "directory") throw new FileError("EISDIR");
    return node.kind === "file" ? node.content : Buffer.alloc(0);
  }

  /** Makes the file where there is none. */
  write(
    path: string,
    content: Buffer,
    { mode = 0o644, appends = false }: { readonly mode?: number; readonly appends?: boolean } = {},
  ): void {
    const { path: real, node } = this.find(path);
    if (node?.kind === "directory") throw new FileError("EISDIR");
    if (node?.kind === "device") return;
    const old = node?.kind === "file" ? node : undefined;
    const bytes = appends && old !== undefined ? Buffer.concat([old.content, content]) : content;
    this.place(real, old === undefined ? this.file(bytes, mode) : { ...old, content: bytes, mtimeMs: this.#nowMs() });
  }

  makeFolder(path: string, mode = 0o755): void {
    const { path: real, node } = this.find(path);
    if (node !== undefined) throw new FileError("EEXIST");
    this.place(real, directoryNode(this.#nowMs(), mode));
  }

  /** The folder and those on the way to it, as far as there are none. */
  makeFolders(path: string): void {
    const segments = segmentsOf(path);
    for (let end = 1; end <= segments.length; end += 1) {
      const at = `/${segments.slice(0, end).join("/")}`;
      if (this.peek(at) === undefined) this.makeFolder(at);
    }
  }

  link(target: string, path: string): void {
    const { path: real, node } = this.find(path, false);
    if (node !== undefined) throw new FileError("EEXIST");
    this.place(real, linkNode(target, this.#nowMs()));
  }

  /** Removes a file, a link, or a folder with all that is in it. */
  remove(path: string): void {
    const { path: real, node } = this.find(path, false);
    if (node === undefined) throw new FileError("ENOENT");
    if (this.#mounts.some(({ at }) => isWithin(at, real))) throw new FileError("EBUSY");
    this.#replace(real, undefined);
  }

  /** Puts `node` at a path without links. Its folder is dated, too, where it is a new entry in it. */
  place(real: string, node: TreeNode): void {
    if (this.#at(parentOf(real))?.kind !== "directory") throw new FileError("ENOENT");
    this.#replace(real, node);
  }

  /** As `place`, for many paths of a tar: nothing is dated, folders on the way are made. */
  restore(real: string, node: TreeNode | undefined): void {
    const { cell, segments } = this.#writable(real);
    cell.root = withNode(cell.root, segments, node);
  }

  file(content: Buffer, mode = 0o644): FileNode {
    return fileNode(content, this.#nowMs(), mode);
  }

  /** The same node with other attributes. */
  touch<N extends TreeNode>(node: N, changes: Partial<FileNode> = {}): N {
    return { ...node, mtimeMs: this.#nowMs(), ...changes };
  }

  #replace(real: string, node: TreeNode | undefined): void {
    const isNew = (this.#at(real) === undefined) !== (node === undefined);
    this.restore(real, node);
    const parent = this.#at(parentOf(real));
    if (isNew && parent?.kind === "directory") this.restore(parentOf(real), this.touch(parent));
  }

  #writable(real: string): { cell: Cell; segments: string[] } {
    const { mount, segments } = this.#mountOf(real);
    if (mount.isReadOnly === true) throw new FileError("EROFS");
    return { cell: mount.cell, segments };
  }

  #at(real: string): DirectoryNode | FileNode | LinkNode | DeviceNode | undefined {
    const { mount, segments } = this.#mountOf(real);
    return nodeAt(mount.cell.root, segments);
  }

  #mountOf(real: string): { mount: Mount; segments: string[] } {
    const mount = this.#mounts.findLast(({ at }) => isWithin(real, at)) as Mount;
    const below = segmentsOf(real.slice(mount.at === "/" ? 0 : mount.at.length));
    return { mount, segments: mount.file === undefined ? below : [mount.file, ...below] };
  }
}
