/** Looking into trees, and changing them by making new ones. */
import { type DirectoryNode, directoryNode, type TreeNode } from "./node.ts";

/** What lies at these names; links are not followed. */
export function nodeAt(root: DirectoryNode, segments: readonly string[]): TreeNode | undefined {
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
    const folder = child?.kind === "directory" ? child : directoryNode(node?.mtimeMs ?? root.mtimeMs);
    children.set(first, withNode(folder, rest, node));
  } else if (node === undefined) children.delete(first);
  else children.set(first, node);
  return { ...root, children };
}

export interface Placed {
  /** Absolute. */
  readonly path: string;
  readonly node: TreeNode;
}

/** Everything below `root`, folders before what is in them, names in order; `root` itself is left out. */
export function* walk(root: DirectoryNode, path = ""): Generator<Placed> {
  for (const [name, node] of sorted(root.children)) {
    const at = `${path}/${name}`;
    yield { path: at, node };
    if (node.kind === "directory") yield* walk(node, at);
  }
}

export function sorted(children: ReadonlyMap<string, TreeNode>): [string, TreeNode][] {
  return [...children].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The bytes of all files in it. */
export function totalSize(root: DirectoryNode): number {
  let size = 0;
  for (const { node } of walk(root)) if (node.kind === "file") size += node.content.length;
  return size;
}

/** Many things put into one tree at once, in one pass: for what would be slow one by one. */
export function treeOf(things: Iterable<Placed>, root: DirectoryNode): DirectoryNode {
  const top = opened(root);
  for (const { path, node } of things) {
    const segments = path.split("/").filter((segment) => segment !== "");
    const name = segments.pop();
    if (name === undefined) continue;
    let folder = top;
    for (const segment of segments) folder = openChild(folder, segment, node.mtimeMs);
    put(folder, name, node);
  }
  return closed(top);
}

/** A folder that is being filled. */
interface Open {
  node: DirectoryNode;
  readonly children: Map<string, TreeNode | Open>;
}

function opened(node: DirectoryNode): Open {
  return { node, children: new Map(node.children) };
}

function isOpen(child: TreeNode | Open | undefined): child is Open {
  return child !== undefined && !("kind" in child);
}

function openChild(folder: Open, name: string, mtimeMs: number): Open {
  const child = folder.children.get(name);
  if (isOpen(child)) return child;
  const fresh = opened(child?.kind === "directory" ? child : directoryNode(mtimeMs));
  folder.children.set(name, fresh);
  return fresh;
}

/** A folder put where one is, is that folder with other attributes. */
function put(folder: Open, name: string, node: TreeNode): void {
  const there = folder.children.get(name);
  if (node.kind !== "directory") folder.children.set(name, node);
  else if (isOpen(there)) there.node = node;
  else if (there?.kind === "directory") folder.children.set(name, { ...node, children: there.children });
  else folder.children.set(name, node);
}

function closed({ node, children }: Open): DirectoryNode {
  const done = [...children].map(([name, child]) => [name, isOpen(child) ? closed(child) : child] as const);
  return { ...node, children: new Map(done) };
}
