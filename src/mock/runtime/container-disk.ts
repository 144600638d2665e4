/** Mounts the files that a container's processes see. */

import { type Cell, Disk, type Mount } from "../../userland/files/disk.ts";
import { type DirectoryNode, deviceNode, directoryNode, linkNode } from "../../userland/files/node.ts";
import { socketTable } from "../../userland/files/socket-table.ts";
import { type Placed, treeOf } from "../../userland/files/tree.ts";
import type { Container } from "../model/container.ts";
import { listListeningPorts } from "./behaviour-lookup.ts";
import type { EngineRuntime } from "./engine-runtime.ts";
import { createEtcFiles, ETC_FILES } from "./etc-files.ts";
import { createProcFiles, createSysFiles } from "./kernel-files.ts";
import { toMount } from "./mount-sources.ts";

/** The disk of a running container, with /proc, /sys, /dev and all mounts. */
export function createDisk(engine: EngineRuntime, container: Container, files: Cell): Disk {
  const getNowMs = (): number => Number(engine.time.now() / 1_000_000n);
  const etc: Cell = { root: createEtcFiles(engine, container, getNowMs()) };
  const toCell = (root: DirectoryNode): Cell => ({ root });
  const proc: Cell = toCell(directoryNode(getNowMs()));
  const mounts: Mount[] = [
    { at: "/", cell: files, isReadOnly: container.hostConfig.ReadonlyRootfs === true },
    { at: "/proc", cell: proc },
    { at: "/sys", cell: toCell(createSysFiles(container, getNowMs())), isReadOnly: true },
    { at: "/dev", cell: toCell(createDevices(getNowMs())) },
    ...ETC_FILES.map((name): Mount => ({ at: `/etc/${name}`, cell: etc, file: name })),
    ...Object.keys((container.hostConfig.Tmpfs as object | undefined) ?? {}).map((at) => ({
      at,
      cell: toCell(directoryNode(getNowMs(), 0o1777)),
    })),
    ...container.mounts.map((point) => toMount(engine, point)),
  ];
  proc.root = createProcFiles(container, mounts, socketTable(listListeningPorts(engine, container)), getNowMs());
  return new Disk(mounts, getNowMs);
}

/** The disk of a stopped container, as `docker cp` sees it: only what outlives a run. */
export function createStoppedDisk(engine: EngineRuntime, container: Container, files: Cell): Disk {
  const getNowMs = (): number => Number(engine.time.now() / 1_000_000n);
  const mounts = container.mounts.map((point) => toMount(engine, point));
  return new Disk([{ at: "/", cell: files }, ...mounts], getNowMs);
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
  const things: Placed[] = [
    ...Object.entries(links).map(([path, target]) => ({ path, node: linkNode(target, nowMs) })),
    ...Object.entries(numbers).map(([path, minor]) => ({ path, node: deviceNode(nowMs, 1, minor) })),
    { path: "tty", node: deviceNode(nowMs, 5, 0) },
    { path: "mqueue", node: directoryNode(nowMs, 0o1777) },
    { path: "pts", node: directoryNode(nowMs) },
    { path: "shm", node: directoryNode(nowMs, 0o1777) },
  ];
  return treeOf(things, directoryNode(nowMs));
}
