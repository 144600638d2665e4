/** A part of a volume or an image as the root of a mount. */
import type { DiskMount, RootRef } from "../../userland/files/disk.ts";
import type { DirectoryNode } from "../../userland/files/node.ts";
import { splitPath } from "../../userland/files/path.ts";
import { findNode, withNode } from "../../userland/files/tree.ts";

/** The folder or file at `subpath`. Undefined if nothing is there. */
export function openSubpath(whole: RootRef, subpath: string): Pick<DiskMount, "rootRef" | "file"> | undefined {
  const segments = splitPath(subpath);
  const node = findNode(whole.root, segments);
  if (node?.kind === "directory") return { rootRef: createPartRef(whole, segments) };
  const file = segments.at(-1);
  if (node === undefined || file === undefined) return undefined;
  return { rootRef: createPartRef(whole, segments.slice(0, -1)), file };
}

/** Reads and replaces a folder of the tree as if it were the root. */
function createPartRef(whole: RootRef, segments: readonly string[]): RootRef {
  return {
    get root(): DirectoryNode {
      return findNode(whole.root, segments) as DirectoryNode;
    },
    set root(part: DirectoryNode) {
      whole.root = segments.length === 0 ? part : withNode(whole.root, segments, part);
    },
  };
}
