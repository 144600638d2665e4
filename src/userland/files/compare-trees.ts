/** What differs between two trees, as `docker diff` tells it. */
import type { DirectoryNode, TreeNode } from "./node.ts";
import { sortByName } from "./tree.ts";

export type ChangeKind = "modified" | "added" | "deleted";

export interface TreeChange {
  readonly kind: ChangeKind;
  readonly path: string;
  /** What is there now; undefined where it was deleted. */
  readonly node: TreeNode | undefined;
}

/** Folders before what is in them. What was not touched is told by its reference, and not looked into. */
export function* compareTrees(before: DirectoryNode, after: DirectoryNode, path = ""): Generator<TreeChange> {
  const names = new Map([...sortByName(before.children), ...sortByName(after.children)]);
  for (const [name] of sortByName(names)) {
    const [was, is] = [before.children.get(name), after.children.get(name)];
    if (was !== is) yield* compareNodes(`${path}/${name}`, was, is);
  }
}

function* compareNodes(path: string, was: TreeNode | undefined, is: TreeNode | undefined): Generator<TreeChange> {
  if (is === undefined) yield { kind: "deleted", path, node: undefined };
  else if (was === undefined) yield* listAdded(path, is);
  else if (is.kind === "directory" && was.kind === "directory") yield* compareFolders(path, was, is);
  else yield { kind: "modified", path, node: is };
}

function* listAdded(path: string, node: TreeNode): Generator<TreeChange> {
  yield { kind: "added", path, node };
  if (node.kind !== "directory") return;
  for (const [name, child] of sortByName(node.children)) yield* listAdded(`${path}/${name}`, child);
}

/** A folder is modified where something in it was added or removed, or its own attributes were changed. */
function* compareFolders(path: string, was: DirectoryNode, is: DirectoryNode): Generator<TreeChange> {
  const inner = [...compareTrees(was, is, path)];
  const isTouched = was.mode !== is.mode || was.uid !== is.uid || was.gid !== is.gid || was.mtimeMs !== is.mtimeMs;
  if (inner.length > 0 || isTouched) yield { kind: "modified", path, node: is };
  yield* inner;
}
