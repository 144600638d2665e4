/** Looking into trees, and changing them by making new ones. */
import { createDirectoryNode, type DirectoryNode, type TreeNode } from "./node.ts";

/** What lies at these names; links are not followed. */
export function findNode(root: DirectoryNode, segments: readonly string[]): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const segment of segments) {
    if (node?.kind !== "directory") return undefined;
    node = node.children.get(segment);
  }
  return node;
}

/** A tree with `node` at these names, or nothing there. Folders on the way are made where there are none. */
export function withNode(root: DirectoryNode, segments: readonly string[], node: TreeNode | undefined): DirectoryNode {
  const [first, ...rest] = segments;
  if (first === undefined) return node?.kind === "directory" ? node : root;
  const children = new Map(root.children);
  const child = children.get(first);
  if (rest.length > 0) {
    const folder = child?.kind === "directory" ? child : createDirectoryNode(node?.mtimeMs ?? root.mtimeMs);
    children.set(first, withNode(folder, rest, node));
  } else if (node === undefined) children.delete(first);
  else children.set(first, node);
  return { ...root, children };
}

export interface PlacedNode {
  /** Absolute. */
  readonly path: string;
  readonly node: TreeNode;
}

/** Everything below `root`, folders before what is in them, names in order; `root` itself is left out. */
export function* walk(root: DirectoryNode, path = ""): Generator<PlacedNode> {
  for (const [name, node] of sortByName(root.children)) {
    const at = `${path}/${name}`;
    yield { path: at, node };
    if (node.kind === "directory") yield* walk(node, at);
  }
}

export function sortByName(children: ReadonlyMap<string, TreeNode>): [string, TreeNode][] {
  return [...children].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The bytes of all files in it. */
export function sumSizes(root: DirectoryNode): number {
  let size = 0;
  for (const { node } of walk(root)) if (node.kind === "file") size += node.content.length;
  return size;
}

/** Many things put into one tree at once, in one pass: for what would be slow one by one. */
export function buildTree(things: Iterable<PlacedNode>, root: DirectoryNode): DirectoryNode {
  const top = openFolder(root);
  for (const { path, node } of things) {
    const segments = path.split("/").filter((segment) => segment !== "");
    const name = segments.pop();
    if (name === undefined) continue;
    let folder = top;
    for (const segment of segments) folder = openChild(folder, segment, node.mtimeMs);
    put(folder, name, node);
  }
  return closeFolder(top);
}

/** A folder that is being filled. */
interface OpenFolder {
  node: DirectoryNode;
  readonly children: Map<string, TreeNode | OpenFolder>;
}

function openFolder(node: DirectoryNode): OpenFolder {
  return { node, children: new Map(node.children) };
}

function isOpen(child: TreeNode | OpenFolder | undefined): child is OpenFolder {
  return child !== undefined && !("kind" in child);
}

function openChild(folder: OpenFolder, name: string, mtimeMs: number): OpenFolder {
  const child = folder.children.get(name);
  if (isOpen(child)) return child;
  const fresh = openFolder(child?.kind === "directory" ? child : createDirectoryNode(mtimeMs));
  folder.children.set(name, fresh);
  return fresh;
}

/** A folder put where one is, is that folder with other attributes. */
function put(folder: OpenFolder, name: string, node: TreeNode): void {
  const there = folder.children.get(name);
  if (node.kind !== "directory") folder.children.set(name, node);
  else if (isOpen(there)) there.node = node;
  else if (there?.kind === "directory") folder.children.set(name, { ...node, children: there.children });
  else folder.children.set(name, node);
}

function closeFolder({ node, children }: OpenFolder): DirectoryNode {
  const done = [...children].map(([name, child]) => [name, isOpen(child) ? closeFolder(child) : child] as const);
  return { ...node, children: new Map(done) };
}
