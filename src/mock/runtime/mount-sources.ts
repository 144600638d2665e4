/** Opens the files of a mount point: a volume, memory, or a folder of the host. */

import type { DiskMount } from "../../userland/files/disk.ts";
import { createDirectoryNode } from "../../userland/files/node.ts";
import type { MountPoint } from "../model/container.ts";
import { findVolume } from "../model/find-volume.ts";
import type { EngineRuntime } from "./engine-runtime.ts";
import { openHostFolder } from "./host-folders.ts";

/** A mount point with its files. */
export function toMount(engine: EngineRuntime, point: MountPoint): DiskMount {
  return { at: point.destination, isReadOnly: !point.isWritable, ...openFiles(engine, point) };
}

function openFiles(engine: EngineRuntime, point: MountPoint): Pick<DiskMount, "rootRef" | "file"> {
  const nowMs = Number(engine.time.now() / 1_000_000n);
  if (point.type === "volume") return { rootRef: findVolume(engine, point.name ?? "").files };
  if (point.type === "tmpfs") return { rootRef: { root: createDirectoryNode(nowMs, 0o1777) } };
  return openHostFolder(engine, point, nowMs);
}
