/** Opens the files of a mount point: a volume, memory, or a folder of the host. */

import type { DiskMount, RootRef } from "../../userland/files/disk.ts";
import { createDirectoryNode, type DirectoryNode } from "../../userland/files/node.ts";
import { notFound } from "../model/api-error.ts";
import type { MountPoint } from "../model/container.ts";
import { findVolume } from "../model/find-volume.ts";
import { getRootTree } from "../model/image.ts";
import type { EngineRuntime } from "./engine-runtime.ts";
import { openHostFolder } from "./host-folders.ts";
import { openSubpath } from "./mount-subpath.ts";

/** A mount point with its files. */
export function toMount(engine: EngineRuntime, point: MountPoint): DiskMount {
  return { at: point.destination, isReadOnly: !point.isWritable, ...openFiles(engine, point) };
}

function openFiles(engine: EngineRuntime, point: MountPoint): Pick<DiskMount, "rootRef" | "file"> {
  const nowMs = Number(engine.time.now() / 1_000_000n);
  if (point.type === "volume") return openPart(point, findVolume(engine, point.name ?? "").files);
  if (point.type === "image")
    return openPart(point, { root: findImageRoot(engine, point) ?? createDirectoryNode(nowMs) });
  if (point.type === "tmpfs") return { rootRef: { root: createDirectoryNode(nowMs, 0o1777) } };
  return openHostFolder(engine, point, nowMs);
}

/** @throws ApiError 404 if the volume or image has no such part */
function openPart({ source, subpath = "" }: MountPoint, whole: RootRef): Pick<DiskMount, "rootRef" | "file"> {
  if (subpath === "") return { rootRef: whole };
  const part = openSubpath(whole, subpath);
  if (part !== undefined) return part;
  const path = `${source}/${subpath}`;
  throw notFound(`cannot access path ${path}: lstat ${path}: no such file or directory`);
}

function findImageRoot({ images }: EngineRuntime, { imageId = "" }: MountPoint): DirectoryNode | undefined {
  const image = images.get(imageId);
  return image && getRootTree(image);
}
