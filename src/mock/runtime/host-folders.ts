/** Folders of the simulated host, which all containers that mount them share. */

import type { Cell, Mount } from "../../userland/files/disk.ts";
import { type DirectoryNode, directoryNode } from "../../userland/files/node.ts";
import { baseName } from "../../userland/files/path.ts";
import type { MountPoint } from "../model/container.ts";
import type { EngineRuntime } from "./engine-runtime.ts";

/**
 * The files behind a bind mount. An engine that reads this machine's files lays them over what containers wrote, at each
 * mount.
 */
export function openHostFolder(
  engine: EngineRuntime,
  { source }: MountPoint,
  nowMs: number,
): Pick<Mount, "cell" | "file"> {
  const cell = engine.hostFolders.get(source) ?? { root: directoryNode(nowMs) };
  engine.hostFolders.set(source, cell);
  const current = engine.hostFiles?.(source);
  if (current === undefined) return { cell: cell };
  if (current.kind === "directory") return { cell: overlayCell(cell, current) };
  const file = baseName(source);
  return { cell: overlayCell(cell, { ...directoryNode(nowMs), children: new Map([[file, current]]) }), file };
}

function overlayCell(cell: Cell, above: DirectoryNode): Cell {
  cell.root = overlayTree(cell.root, above);
  return cell;
}

function overlayTree(below: DirectoryNode, above: DirectoryNode): DirectoryNode {
  const children = new Map(below.children);
  for (const [name, node] of above.children) {
    const there = children.get(name);
    const areFolders = there?.kind === "directory" && node.kind === "directory";
    children.set(name, areFolders ? overlayTree(there, node) : node);
  }
  return { ...above, children };
}
