/** Mounts the files that a container's processes see. */

import { Disk, type DiskMount, type RootRef } from "../../userland/files/disk.ts";
import {
  createDeviceNode,
  createDirectoryNode,
  createLinkNode,
  type DirectoryNode,
} from "../../userland/files/node.ts";
import { formatSocketTable } from "../../userland/files/socket-table.ts";
import { buildTree, type PlacedNode } from "../../userland/files/tree.ts";
import type { Container } from "../model/container.ts";
import { listListeningPorts } from "./behaviour-lookup.ts";
import type { EngineRuntime } from "./engine-runtime.ts";
import { createEtcFiles, ETC_FILES } from "./etc-files.ts";
import { createProcFiles, createSysFiles } from "./kernel-files.ts";
import { makeMountPoints } from "./mount-points.ts";
import { toMount } from "./mount-sources.ts";

/** The disk of a container that starts, with /proc, /sys, /dev and all mounts. What is mounted has its place in `files`. */
export function createDisk(engine: EngineRuntime, container: Container, files: RootRef): Disk {
  const getNowMs = (): number => Number(engine.time.now() / 1_000_000n);
  const etc: RootRef = { root: createEtcFiles(engine, container, getNowMs()) };
  const toRootRef = (root: DirectoryNode): RootRef => ({ root });
  const proc: RootRef = toRootRef(createDirectoryNode(getNowMs()));
  const own: DiskMount = { at: "/", rootRef: files, isReadOnly: container.hostConfig.ReadonlyRootfs === true };
  const requested: DiskMount[] = [
    ...Object.keys((container.hostConfig.Tmpfs as object | undefined) ?? {}).map((at) => ({
      at,
      rootRef: toRootRef(createDirectoryNode(getNowMs(), 0o1777)),
    })),
    ...container.mounts.map((point) => toMount(engine, point)),
  ];
  makeMountPoints([own, ...requested], getNowMs);
  const mounts: DiskMount[] = [
    own,
    { at: "/proc", rootRef: proc },
    { at: "/sys", rootRef: toRootRef(createSysFiles(container, getNowMs())), isReadOnly: true },
    { at: "/dev", rootRef: toRootRef(createDevices(getNowMs())) },
    ...ETC_FILES.map((name): DiskMount => ({ at: `/etc/${name}`, rootRef: etc, file: name })),
    ...requested,
  ];
  proc.root = createProcFiles(container, mounts, formatSocketTable(listListeningPorts(engine, container)), getNowMs());
  return new Disk(mounts, getNowMs);
}

/** The disk of a stopped container, as `docker cp` sees it: only what outlives a run. */
export function createStoppedDisk(engine: EngineRuntime, container: Container, files: RootRef): Disk {
  const getNowMs = (): number => Number(engine.time.now() / 1_000_000n);
  const mounts = container.mounts.map((point) => toMount(engine, point));
  return new Disk([{ at: "/", rootRef: files }, ...mounts], getNowMs);
}

function createDevices(nowMs: number): DirectoryNode {
  const links = {
    fd: "/proc/self/fd",
    ptmx: "pts/ptmx",
    stderr: "/proc/self/fd/2",
    stdin: "/proc/self/fd/0",
    stdout: "/proc/self/fd/1",
  };
  const numbers = { full: 7, null: 3, random: 8, urandom: 9, zero: 5 };
  const things: PlacedNode[] = [
    ...Object.entries(links).map(([path, target]) => ({ path, node: createLinkNode(target, nowMs) })),
    ...Object.entries(numbers).map(([path, minor]) => ({ path, node: createDeviceNode(nowMs, 1, minor) })),
    { path: "tty", node: createDeviceNode(nowMs, 5, 0) },
    { path: "mqueue", node: createDirectoryNode(nowMs, 0o1777) },
    { path: "pts", node: createDirectoryNode(nowMs) },
    { path: "shm", node: createDirectoryNode(nowMs, 0o1777) },
  ];
  return buildTree(things, createDirectoryNode(nowMs));
}
