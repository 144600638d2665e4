/** Writes the kernel's files in a container: /proc (proc(5)) and /sys (cgroups(7), version 1). */

import type { DiskMount } from "../../userland/files/disk.ts";
import { createDirectoryNode, createFileNode, type DirectoryNode } from "../../userland/files/node.ts";
import { buildTree, type PlacedNode } from "../../userland/files/tree.ts";
import type { Container } from "../model/container.ts";

const READABLE = 0o444;
const ENTERABLE = 0o555;
/** The limits of a container that sets none. */
const OPEN_FILES = 1_048_576;
const UNLIMITED_BYTES = 9_223_372_036_854_771_712n;
const PERIOD_US = 100_000;
const KERNEL_MOUNTS: Readonly<Record<string, readonly [string, string]>> = {
  "/": ["overlay", "overlay"],
  "/proc": ["proc", "proc"],
  "/sys": ["sysfs", "sysfs"],
  "/dev": ["tmpfs", "tmpfs"],
};

interface Ulimit {
  readonly Name: string;
  readonly Soft: number;
  readonly Hard: number;
}

/** The files of /proc. @param sockets the content of `net/tcp` */
export function createProcFiles(
  container: Container,
  mounts: readonly DiskMount[],
  sockets: string,
  nowMs: number,
): DirectoryNode {
  const table = mounts.map((mount) => formatMountLine(mount, container)).join("");
  const texts = {
    "net/tcp": sockets,
    mounts: table,
    "self/mounts": table,
    "self/limits": formatLimits(container),
    loadavg: "0.00 0.01 0.05 1/128 1\n",
  };
  return toReadableTree(texts, nowMs);
}

/** The files of /sys that show a container's limits. */
export function createSysFiles({ hostConfig }: Container, nowMs: number): DirectoryNode {
  const { Memory, NanoCpus, CpuPeriod, CpuQuota, CpuShares, PidsLimit } = hostConfig;
  const period = Number(CpuPeriod) || PERIOD_US;
  const quota = Number(NanoCpus) > 0 ? Math.round((Number(NanoCpus) / 1e9) * period) : Number(CpuQuota) || -1;
  const values = {
    "memory/memory.limit_in_bytes": Memory > 0 ? Memory : UNLIMITED_BYTES,
    "cpu/cpu.cfs_period_us": period,
    "cpu/cpu.cfs_quota_us": quota,
    "cpu/cpu.shares": Number(CpuShares) || 1024,
    "pids/pids.max": PidsLimit ?? "max",
  };
  const texts = Object.entries(values).map(([path, value]) => [`fs/cgroup/${path}`, `${value}\n`] as const);
  return toReadableTree(Object.fromEntries(texts), nowMs);
}

function toReadableTree(texts: Readonly<Record<string, string>>, nowMs: number): DirectoryNode {
  const files = Object.entries(texts).map(
    ([path, text]): PlacedNode => ({ path, node: createFileNode(text, nowMs, READABLE) }),
  );
  return buildTree(files, createDirectoryNode(nowMs, ENTERABLE));
}

/** A line of /proc/mounts. Bind mounts and volumes appear as a disk of the host. */
function formatMountLine({ at, isReadOnly }: DiskMount, { hostConfig }: Container): string {
  const isTmpfs = at in ((hostConfig.Tmpfs as object | undefined) ?? {});
  const [source, kind] = KERNEL_MOUNTS[at] ?? (isTmpfs ? ["tmpfs", "tmpfs"] : ["/dev/sda1", "ext4"]);
  return `${source} ${at} ${kind} ${isReadOnly === true ? "ro" : "rw"},relatime 0 0\n`;
}

/** /proc/self/limits, with the limit that clients set most: open files (setrlimit(2)). */
function formatLimits({ hostConfig }: Container): string {
  const ulimits = (hostConfig.Ulimits as readonly Ulimit[] | null) ?? [];
  const { Soft, Hard } = ulimits.find(({ Name }) => Name === "nofile") ?? { Soft: OPEN_FILES, Hard: OPEN_FILES };
  const formatColumns = (...words: readonly string[]): string => words.map((word) => word.padEnd(25)).join("");
  return `${formatColumns("Limit", "Soft Limit", "Hard Limit", "Units")}\n${formatColumns("Max open files", `${Soft}`, `${Hard}`, "files")}\n`;
}
