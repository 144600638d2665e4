/** Where the files of a mount point are: in a volume, in memory, or in a folder of the host. */

import type { Mount } from "../../userland/files/disk.ts";
import { directoryNode } from "../../userland/files/node.ts";
import type { MountPoint } from "../model/container.ts";
import { findVolume } from "../model/find-volume.ts";
import type { EngineRuntime } from "./engine-runtime.ts";
import { boundFolder } from "./host-folders.ts";

/** A mount point with the files that are kept for it. */
export function mountOf(engine: EngineRuntime, point: MountPoint): Mount {
  return { at: point.destination, isReadOnly: !point.isWritable, ...filesOf(engine, point) };
}

function filesOf(engine: EngineRuntime, point: MountPoint): Pick<Mount, "cell" | "file"> {
  const nowMs = Number(engine.time.now() / 1_000_000n);
  if (point.type === "volume") return { cell: findVolume(engine, point.name ?? "").files };
  if (point.type === "tmpfs") return { cell: { root: directoryNode(nowMs, 0o1777) } };
  return boundFolder(engine, point, nowMs);
}
