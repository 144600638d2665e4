/**
 * The files that the processes of one container see: a root, and what is mounted into it. Each mount refers to the root
 * of a tree (`RootRef`); containers that mount one volume share its reference.
 */
import { FileError, type FileErrorCode } from "./file-error.ts";
import {
  createDirectoryNode,
  createFileNode,
  createLinkNode,
  type DeviceNode,
  type DirectoryNode,
  type FileAttributes,
  type FileNode,
  type LinkNode,
  type TreeNode,
} from "./node.ts";
import { isWithin, resolvePath, splitPath, toBaseName, toParentPath } from "./path.ts";
import {
  EXECUTE,
  type FileCredentials,
  isAllowed,
  isInGroup,
  isOwner,
  mayRemove,
  READ,
  ROOT_CREDENTIALS,
  WRITE,
} from "./permissions.ts";
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

const MOST_LINKS = 40;

/** Where a path leads. */
export interface FoundNode {
  /** Absolute, without links. */
  readonly path: string;
  readonly node: TreeNode | undefined;
}

export class Disk {
  readonly #mounts: readonly DiskMount[];
  readonly #nowMs: () => number;
  readonly #credentials: FileCredentials;

  /**
   * @param mounts begin with that of `/`; later ones lie over earlier ones
   * @param credentials whose permissions count
   * @default credentials those of root
   */
  constructor(mounts: readonly DiskMount[], nowMs: () => number, credentials: FileCredentials = ROOT_CREDENTIALS) {
    this.#credentials = credentials;
    this.#mounts = mounts;
    this.#nowMs = nowMs;
  }

  get mounts(): readonly DiskMount[] {
    return this.#mounts;
  }

  /** The same files, as a user sees them. */
  withCredentials(credentials: FileCredentials): Disk {
    return new Disk(this.#mounts, this.#nowMs, credentials);
  }

  /** Whether the user may do this with the file. @param bits READ, WRITE, EXECUTE, or their sum */
  mayAccess(path: string, bits: number): boolean {
    const node = this.peek(path);
    return node !== undefined && isAllowed(node, this.#credentials, bits);
  }

  /** Follows links along `path`, and the last one too unless `followsLast` is false. */
  find(path: string, followsLast = true): FoundNode {
    const found = this.#follow(path, followsLast);
    if (typeof found === "string") throw new FileError(found);
    return found;
  }

  /** What is at `path`, or undefined where there is nothing, for whatever reason. */
  peek(path: string, followsLast = true): TreeNode | undefined {
    const found = this.#follow(path, followsLast);
    return typeof found === "string" ? undefined : found.node;
  }

  /** The code where the path leads nowhere: most lookups, such as those along PATH, need no error and its stack. */
  #follow(path: string, followsLast: boolean): FoundNode | FileErrorCode {
    const pending = splitPath(path);
    if (path.length > 1 && path.endsWith("/")) pending.push(".");
    let real = "/";
    for (let links = 0; pending.length > 0; ) {
      const name = pending.shift() as string;
      if (name === ".") continue;
      if (!this.#isAllowed(this.#findNode(real), EXECUTE)) return "EACCES";
      const here = resolvePath(name, real);
      const node = name === ".." ? undefined : this.#findNode(here);
      if (node?.kind === "link" && (pending.length > 0 || followsLast)) {
        if (++links > MOST_LINKS) return "ELOOP";
        const target = node.target.startsWith("/") ? node.target : `${real}/${node.target}`;
        pending.unshift(...splitPath(target));
        real = "/";
      } else if (node === undefined && pending.length > 0 && name !== "..") return "ENOENT";
      else if (node !== undefined && node.kind !== "directory" && pending.length > 0) return "ENOTDIR";
      else real = here;
    }
    return { path: real, node: this.#findNode(real) };
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
    this.#expectAccess(node, READ);
    const mounted = this.#mounts.filter(({ at }) => at !== "/" && at !== real && toParentPath(at) === real);
    if (mounted.length === 0) return node.children;
    return new Map([
      ...node.children,
      ...mounted.map(({ at }) => [toBaseName(at), this.#findNode(at) as TreeNode] as const),
    ]);
  }

  read(path: string): Buffer {
    const node = this.stat(path);
    this.#expectAccess(node, READ);
    if (node.kind === "directory") throw new FileError("EISDIR");
    return node.kind === "file" ? node.content : Buffer.alloc(0);
  }

  /** Makes the file where there is none. @default mode 0o666 without the bits of the umask */
  write(
    path: string,
    content: Buffer,
    { mode, appends = false }: { readonly mode?: number; readonly appends?: boolean } = {},
  ): void {
    const { path: real, node } = this.find(path);
    if (node?.kind === "directory") throw new FileError("EISDIR");
    if (node !== undefined) this.#expectAccess(node, WRITE);
    if (node?.kind === "device") return;
    if (node?.kind !== "file") this.place(real, this.createFile(content, mode));
    else {
      const bytes = appends ? Buffer.concat([node.content, content]) : content;
      this.restore(real, { ...node, content: bytes, mtimeMs: this.#nowMs() });
    }
  }

  /** @default mode 0o777 without the bits of the umask */
  makeFolder(path: string, mode?: number): void {
    const { path: real, node } = this.find(path);
    if (node !== undefined) throw new FileError("EEXIST");
    const { umask } = this.#credentials;
    this.place(real, this.#withOwner(createDirectoryNode(this.#nowMs(), mode ?? 0o777 & ~umask)));
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
    this.place(real, this.#withOwner(createLinkNode(target, this.#nowMs())));
  }

  /** Removes a file, a link, or a folder with all that is in it. */
  remove(path: string): void {
    const { path: real, node } = this.find(path, false);
    if (node === undefined) throw new FileError("ENOENT");
    if (this.#mounts.some(({ at }) => isWithin(at, real))) throw new FileError("EBUSY");
    this.#expectRemoval(toParentPath(real), node);
    this.#replace(real, undefined);
  }

  /** Puts `node` at a path without links. Its folder is dated, too, where it is a new entry in it. */
  place(real: string, node: TreeNode): void {
    const parent = this.#findNode(toParentPath(real));
    if (parent?.kind !== "directory") throw new FileError("ENOENT");
    const before = this.#findNode(real);
    if (before === undefined) this.#expectAccess(parent, WRITE + EXECUTE);
    else this.#expectRemoval(toParentPath(real), before);
    this.#replace(real, node);
  }

  /** Changes permissions, owners or times. Only owners may, and only root gives files away (chmod(2), chown(2)). */
  setAttributes(path: string, changes: Partial<FileAttributes>, followsLast = true): void {
    const { path: real, node } = this.find(path, followsLast);
    if (node === undefined) throw new FileError("ENOENT");
    const { uid = node.uid, gid = node.gid } = changes;
    const isGift = uid !== node.uid || (gid !== node.gid && !isInGroup(gid, this.#credentials));
    if (!isOwner(node, this.#credentials) || (isGift && this.#credentials.uid !== 0)) throw new FileError("EPERM");
    this.restore(real, { ...node, ...changes });
  }

  /** Sets the time of the last change, as owners and writers of the file may (utimensat(2)). */
  touchFile(path: string, mtimeMs: number, followsLast = true): void {
    const { path: real, node } = this.find(path, followsLast);
    if (node === undefined) throw new FileError("ENOENT");
    if (!isOwner(node, this.#credentials)) this.#expectAccess(node, WRITE);
    this.restore(real, { ...node, mtimeMs });
  }

  /** As `place`, for many paths of a tar: nothing is dated, folders on the way are made, no permissions count. */
  restore(real: string, node: TreeNode | undefined): void {
    const { rootRef, segments } = this.#findWritable(real);
    rootRef.root = withNode(rootRef.root, segments, node);
  }

  createFile(content: Buffer, mode?: number): FileNode {
    return this.#withOwner(createFileNode(content, this.#nowMs(), mode ?? 0o666 & ~this.#credentials.umask));
  }

  #withOwner<N extends TreeNode>(node: N): N {
    const { uid, gid } = this.#credentials;
    return { ...node, uid, gid };
  }

  #expectAccess(node: TreeNode | undefined, bits: number): void {
    if (!this.#isAllowed(node, bits)) throw new FileError("EACCES");
  }

  #isAllowed(node: TreeNode | undefined, bits: number): boolean {
    return node === undefined || isAllowed(node, this.#credentials, bits);
  }

  /** What is in a folder goes with it, as far as the user may remove that, too. */
  #expectRemoval(folder: string, node: TreeNode): void {
    const parent = this.#findNode(folder);
    this.#expectAccess(parent, WRITE + EXECUTE);
    if (parent !== undefined && !mayRemove(parent, node, this.#credentials)) throw new FileError("EPERM");
    if (this.#credentials.uid === 0 || node.kind !== "directory" || node.children.size === 0) return;
    this.#expectAccess(node, READ + WRITE + EXECUTE);
    for (const child of node.children.values())
      if (child.kind === "directory" && child.children.size > 0) this.#expectAccess(child, READ + WRITE + EXECUTE);
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

  #findWritable(real: string): { rootRef: RootRef; segments: string[] } {
    const { mount, segments } = this.#mountOf(real);
    if (mount.isReadOnly === true) throw new FileError("EROFS");
    return { rootRef: mount.rootRef, segments };
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
