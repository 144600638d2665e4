/**
 * A file tree is a value: a change makes a new root that shares all that did not change. So an image's layers are
 * never copied for a container, and what changed is found by comparing references.
 */
export interface FileAttributes {
  /** Permissions with the setuid, setgid and sticky bits: 0o1777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
}

export interface FileNode extends FileAttributes {
  readonly kind: "file";
  readonly content: Buffer;
}

export interface DirectoryNode extends FileAttributes {
  readonly kind: "directory";
  readonly children: ReadonlyMap<string, TreeNode>;
}

export interface LinkNode extends FileAttributes {
  readonly kind: "link";
  readonly target: string;
}

/** Devices, pipes and sockets, which have no content of their own. */
export interface DeviceNode extends FileAttributes {
  readonly kind: "device";
  readonly type: "character" | "block" | "fifo" | "socket";
  readonly major: number;
  readonly minor: number;
}

export type TreeNode = FileNode | DirectoryNode | LinkNode | DeviceNode;

const NOTHING = Buffer.alloc(0);
const ROOT_OWNED = { uid: 0, gid: 0 };

export function createFileNode(content: Buffer | string, mtimeMs: number, mode = 0o644): FileNode {
  const bytes = content.length === 0 ? NOTHING : Buffer.from(content as string);
  return { kind: "file", content: bytes, mode, mtimeMs, ...ROOT_OWNED };
}

export function createDirectoryNode(mtimeMs: number, mode = 0o755): DirectoryNode {
  return { kind: "directory", children: new Map(), mode, mtimeMs, ...ROOT_OWNED };
}

export function createLinkNode(target: string, mtimeMs: number): LinkNode {
  return { kind: "link", target, mode: 0o777, mtimeMs, ...ROOT_OWNED };
}

export function createDeviceNode(mtimeMs: number, major: number, minor: number, mode = 0o666): DeviceNode {
  return { kind: "device", type: "character", major, minor, mode, mtimeMs, ...ROOT_OWNED };
}

/** The socket of a server that only its client reaches. */
export function createSocketNode(mtimeMs: number, mode = 0o600): DeviceNode {
  return { ...createDeviceNode(mtimeMs, 0, 0, mode), type: "socket" };
}

/** How many bytes it is said to have. */
export function sizeOf(node: TreeNode): number {
  if (node.kind === "file") return node.content.length;
  if (node.kind === "link") return Buffer.byteLength(node.target);
  return node.kind === "directory" ? 4096 : 0;
}
