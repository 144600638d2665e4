/** Folders of the simulated host, as containers mount them: shared by all who do. */

import type { Cell, Mount } from "../../userland/files/disk.ts";
import { type DirectoryNode, directoryNode } from "../../userland/files/node.ts";
import { baseName } from "../../userland/files/path.ts";
import type { MountPoint } from "../model/container.ts";
import type { EngineRuntime } from "./engine-runtime.ts";

/**
 * Where what is bound from the host is kept. With the machine's own files it has, whenever it is mounted, what is there
 * by then, over what containers wrote.
 */
export function boundFolder(
  engine: EngineRuntime,
  { source }: MountPoint,
  nowMs: number,
): Pick<Mount, "cell" | "file"> {
  const there = engine.hostFolders.get(source) ?? { root: directoryNode(nowMs) };
  engine.hostFolders.set(source, there);
  const found = engine.hostFiles?.(source);
  if (found === undefined) return { cell: there };
  if (found.kind === "directory") return { cell: renewed(there, found) };
  const file = baseName(source);
  return { cell: renewed(there, { ...directoryNode(nowMs), children: new Map([[file, found]]) }), file };
}

function renewed(cell: Cell, above: DirectoryNode): Cell {
  cell.root = laidOver(cell.root, above);
  return cell;
}

function laidOver(below: DirectoryNode, above: DirectoryNode): DirectoryNode {
  const children = new Map(below.children);
  for (const [name, node] of above.children) {
    const there = children.get(name);
    const areFolders = there?.kind === "directory" && node.kind === "directory";
    children.set(name, areFolders ? laidOver(there, node) : node);
  }
  return { ...above, children };
}
