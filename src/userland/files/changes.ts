/** What differs between two trees, as `docker diff` tells it. */
import type { DirectoryNode, TreeNode } from "./node.ts";
import { sorted } from "./tree.ts";

export type ChangeKind = "modified" | "added" | "deleted";

export interface Change {
  readonly kind: ChangeKind;
  readonly path: string;
  /** What is there now; undefined where it was deleted. */
  readonly node: TreeNode | undefined;
}

/** Folders before what is in them. What was not touched is told by its reference, and not looked into. */
export function* changesBetween(before: DirectoryNode, after: DirectoryNode, path = ""): Generator<Change> {
  const names = new Map([...sorted(before.children), ...sorted(after.children)]);
  for (const [name] of sorted(names)) {
    const [was, is] = [before.children.get(name), after.children.get(name)];
    if (was !== is) yield* changeAt(`${path}/${name}`, was, is);
  }
}

function* changeAt(path: string, was: TreeNode | undefined, is: TreeNode | undefined): Generator<Change> {
  if (is === undefined) yield { kind: "deleted", path, node: undefined };
  else if (was === undefined) yield* added(path, is);
  else if (is.kind === "directory" && was.kind === "directory") yield* changedFolder(path, was, is);
  else yield { kind: "modified", path, node: is };
}

function* added(path: string, node: TreeNode): Generator<Change> {
  yield { kind: "added", path, node };
  if (node.kind !== "directory") return;
  for (const [name, child] of sorted(node.children)) yield* added(`${path}/${name}`, child);
}

/** A folder is modified where something in it was added or removed, or its own attributes were changed. */
function* changedFolder(path: string, was: DirectoryNode, is: DirectoryNode): Generator<Change> {
  const inner = [...changesBetween(was, is, path)];
  const isTouched = was.mode !== is.mode || was.uid !== is.uid || was.gid !== is.gid || was.mtimeMs !== is.mtimeMs;
  if (inner.length > 0 || isTouched) yield { kind: "modified", path, node: is };
  yield* inner;
}
