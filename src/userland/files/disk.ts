/**
 * The files that the processes of one container see: a root, and what is mounted into it. Each mount refers to the root
 * of a tree (`RootRef`); containers that mount one volume share its reference.
 */
import {
  createDirectoryNode,
  createFileNode,
  createLinkNode,
  type DeviceNode,
  type DirectoryNode,
  type FileNode,
  type LinkNode,
  type TreeNode,
} from "./node.ts";
import { isWithin, resolvePath, splitPath, toBaseName, toParentPath } from "./path.ts";
import { findNode, withNode } from "./tree.ts";

/** Holds the tree as it is now. */
export interface RootRef {
  root: DirectoryNode;
}

export interface DiskMount {
  /** Absolute, without links. */
  readonly at: string;
  readonly rootRef: RootRef;
  readonly isReadOnly?: boolean;
  /** A single file, such as /etc/hosts: the child of this name of the root. */
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

const ERROR_TEXTS: Readonly<Record<FileErrorCode, string>> = {
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
    super(ERROR_TEXTS[code]);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Where a path leads. */
export interface FoundNode {
  /** Absolute, without links. */
  readonly path: string;
  readonly node: TreeNode | undefined;
}

export class Disk {
  readonly #mounts: readonly DiskMount[];
  readonly #nowMs: () => number;

  /** `mounts` begin with that of `/`; later ones lie over earlier ones. */
  constructor(mounts: readonly DiskMount[], nowMs: () => number) {
    this.#mounts = mounts;
    this.#nowMs = nowMs;
  }

  get mounts(): readonly DiskMount[] {
    return this.#mounts;
  }

  /** Follows links along `path`, and the last one too unless `followsLast` is false. */
  find(path: string, followsLast = true): FoundNode {
    const pending = splitPath(path);
    if (path.length > 1 && path.endsWith("/")) pending.push(".");
    let real = "/";
    for (let links = 0; pending.length > 0; ) {
      const name = pending.shift() as string;
      if (name === ".") continue;
      const here = resolvePath(name, real);
      const node = name === ".." ? undefined : this.#findNode(here);
      if (node?.kind === "link" && (pending.length > 0 || followsLast)) {
        if (++links > MOST_LINKS) throw new FileError("ELOOP");
        const target = node.target.startsWith("/") ? node.target : `${real}/${node.target}`;
        pending.unshift(...splitPath(target));
        real = "/";
      } else if (node === undefined && pending.length > 0 && name !== "..") throw new FileError("ENOENT");
      else if (node !== undefined && node.kind !== "directory" && pending.length > 0) throw new FileError("ENOTDIR");
      else real = here;
    }
    return { path: real, node: this.#findNode(real) };
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
    const mounted = this.#mounts.filter(({ at }) => at !== "/" && at !== real && toParentPath(at) === real);
    if (mounted.length === 0) return node.children;
    return new Map([
      ...node.children,
      ...mounted.map(({ at }) => [toBaseName(at), this.#findNode(at) as TreeNode] as const),
    ]);
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
    this.place(
      real,
      old === undefined ? this.createFile(bytes, mode) : { ...old, content: bytes, mtimeMs: this.#nowMs() },
    );
  }

  makeFolder(path: string, mode = 0o755): void {
    const { path: real, node } = this.find(path);
    if (node !== undefined) throw new FileError("EEXIST");
    this.place(real, createDirectoryNode(this.#nowMs(), mode));
  }

  /** The folder and those on the way to it, as far as there are none. */
  makeFolders(path: string): void {
    const segments = splitPath(path);
    for (let end = 1; end <= segments.length; end += 1) {
      const at = `/${segments.slice(0, end).join("/")}`;
      if (this.peek(at) === undefined) this.makeFolder(at);
    }
  }

  link(target: string, path: string): void {
    const { path: real, node } = this.find(path, false);
    if (node !== undefined) throw new FileError("EEXIST");
    this.place(real, createLinkNode(target, this.#nowMs()));
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
    if (this.#findNode(toParentPath(real))?.kind !== "directory") throw new FileError("ENOENT");
    this.#replace(real, node);
  }

  /** As `place`, for many paths of a tar: nothing is dated, folders on the way are made. */
  restore(real: string, node: TreeNode | undefined): void {
    const { cell, segments } = this.#findWritable(real);
    cell.root = withNode(cell.root, segments, node);
  }

  createFile(content: Buffer, mode = 0o644): FileNode {
    return createFileNode(content, this.#nowMs(), mode);
  }

  /** The same node with other attributes. */
  touch<N extends TreeNode>(node: N, changes: Partial<FileNode> = {}): N {
    return { ...node, mtimeMs: this.#nowMs(), ...changes };
  }

  #replace(real: string, node: TreeNode | undefined): void {
    const isNew = (this.#findNode(real) === undefined) !== (node === undefined);
    this.restore(real, node);
    const parent = this.#findNode(toParentPath(real));
    if (isNew && parent?.kind === "directory") this.restore(toParentPath(real), this.touch(parent));
  }

  #findWritable(real: string): { cell: RootRef; segments: string[] } {
    const { mount, segments } = this.#mountOf(real);
    if (mount.isReadOnly === true) throw new FileError("EROFS");
    return { cell: mount.rootRef, segments };
  }

  #findNode(real: string): DirectoryNode | FileNode | LinkNode | DeviceNode | undefined {
    const { mount, segments } = this.#mountOf(real);
    return findNode(mount.rootRef.root, segments);
  }

  #mountOf(real: string): { mount: DiskMount; segments: string[] } {
    const mount = this.#mounts.findLast(({ at }) => isWithin(real, at)) as DiskMount;
    const below = splitPath(real.slice(mount.at === "/" ? 0 : mount.at.length));
    return { mount, segments: mount.file === undefined ? below : [mount.file, ...below] };
  }
}
