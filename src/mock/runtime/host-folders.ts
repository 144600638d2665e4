/** Folders of the simulated host, which all containers that mount them share. */

import type { DiskMount, RootRef } from "../../userland/files/disk.ts";
import { createDirectoryNode, type DirectoryNode } from "../../userland/files/node.ts";
import { toBaseName } from "../../userland/files/path.ts";
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
): Pick<DiskMount, "rootRef" | "file"> {
  const rootRef = engine.hostFolders.get(source) ?? { root: createDirectoryNode(nowMs) };
  engine.hostFolders.set(source, rootRef);
  const current = engine.hostFiles?.(source);
  if (current === undefined) return { rootRef };
  if (current.kind === "directory") return { rootRef: overlayFolder(rootRef, current) };
  const file = toBaseName(source);
  return {
    rootRef: overlayFolder(rootRef, { ...createDirectoryNode(nowMs), children: new Map([[file, current]]) }),
    file,
  };
}

function overlayFolder(rootRef: RootRef, above: DirectoryNode): RootRef {
  rootRef.root = overlayTree(rootRef.root, above);
  return rootRef;
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
