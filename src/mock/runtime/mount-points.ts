/** Makes the places of a container's mounts in its own files, as runc does: they stay there, and `docker diff` shows them. */

import { Disk, type DiskMount } from "../../userland/files/disk.ts";
import { toParentPath } from "../../userland/files/path.ts";

/** @param mounts begin with that of `/`; a mount inside another one has its place in that */
export function makeMountPoints(mounts: readonly DiskMount[], nowMs: () => number): void {
  for (const [index, mount] of mounts.entries()) {
    // runc makes them before it makes the root read-only.
    const below = mounts.slice(0, index).map((each) => ({ ...each, isReadOnly: false }));
    if (below.length > 0) makeMountPoint(new Disk(below, nowMs), mount);
  }
}

function makeMountPoint(disk: Disk, { at, file }: DiskMount): void {
  if (disk.peek(at) !== undefined) return;
  disk.makeFolders(file === undefined ? at : toParentPath(at));
  if (file !== undefined) disk.write(at, Buffer.alloc(0), { mode: 0o755 });
}
