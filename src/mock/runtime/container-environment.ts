/** What a container's processes find when they start: files, variables, a user. */

import { type Cell, Disk, type Mount } from "../../userland/files/disk.ts";
import { type DirectoryNode, deviceNode, directoryNode, linkNode } from "../../userland/files/node.ts";
import { socketTable } from "../../userland/files/socket-table.ts";
import { type Placed, treeOf } from "../../userland/files/tree.ts";
import { DEFAULT_PATH } from "../../userland/process/find-program.ts";
import type { User } from "../../userland/process/process.ts";
import { systemError } from "../model/api-error.ts";
import type { Container } from "../model/container.ts";
import { listeningPorts } from "./behaviour-lookup.ts";
import type { EngineRuntime } from "./engine-runtime.ts";
import { OWN_FILES, ownFiles } from "./etc-files.ts";
import { limitFiles, processFiles } from "./kernel-files.ts";
import { linkVariables } from "./links.ts";
import { mountOf } from "./mount-sources.ts";

/** All that is mounted while it runs. */
export function diskOf(engine: EngineRuntime, container: Container, files: Cell): Disk {
  const nowMs = (): number => Number(engine.time.now() / 1_000_000n);
  const own: Cell = { root: ownFiles(engine, container, nowMs()) };
  const system = (root: DirectoryNode): Cell => ({ root });
  const proc: Cell = system(directoryNode(nowMs()));
  const mounts: Mount[] = [
    { at: "/", cell: files, isReadOnly: container.hostConfig.ReadonlyRootfs === true },
    { at: "/proc", cell: proc },
    { at: "/sys", cell: system(limitFiles(container, nowMs())), isReadOnly: true },
    { at: "/dev", cell: system(devices(nowMs())) },
    ...OWN_FILES.map((name): Mount => ({ at: `/etc/${name}`, cell: own, file: name })),
    ...Object.keys((container.hostConfig.Tmpfs as object | undefined) ?? {}).map((at) => ({
      at,
      cell: system(directoryNode(nowMs(), 0o1777)),
    })),
    ...container.mounts.map((point) => mountOf(engine, point)),
  ];
  proc.root = processFiles(container, mounts, socketTable(listeningPorts(engine, container)), nowMs());
  return new Disk(mounts, nowMs);
}

/** Only what outlives a run: as `docker cp` sees a container that does not run. */
export function stillDiskOf(engine: EngineRuntime, container: Container, files: Cell): Disk {
  const nowMs = (): number => Number(engine.time.now() / 1_000_000n);
  const mounts = container.mounts.map((point) => mountOf(engine, point));
  return new Disk([{ at: "/", cell: files }, ...mounts], nowMs);
}

function devices(nowMs: number): DirectoryNode {
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

/** The daemon's own variables, then those of links, then the container's, then those asked for; `HOME` where nobody set it. */
export function environmentOf(
  engine: EngineRuntime,
  container: Container,
  { isTty, more = [], home }: { readonly isTty: boolean; readonly more?: readonly string[]; readonly home: string },
): Record<string, string> {
  const { config } = container;
  const own = [`PATH=${DEFAULT_PATH}`, `HOSTNAME=${config.Hostname}`, ...(isTty ? ["TERM=xterm"] : [])];
  const variables: Record<string, string> = {};
  for (const pair of [...own, ...linkVariables(engine, container), ...(config.Env ?? []), ...more]) {
    const equals = pair.indexOf("=");
    // A name without a value takes the variable away.
    if (equals === -1) delete variables[pair];
    else variables[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  return "HOME" in variables ? variables : { ...variables, HOME: home };
}

/**
 * `name`, `name:group`, numbers: looked up in the container's own /etc/passwd and /etc/group.
 * @throws Refusal 500 where a name is not there
 */
export function userOf(disk: Disk, wanted: string): User & { readonly home: string } {
  const [name = "", group] = (wanted === "" ? "0" : wanted).split(":");
  const line = linesOf(disk, "/etc/passwd").find(([login, , uid]) => login === name || uid === name);
  if (line === undefined && !/^\d+$/.test(name)) {
    throw systemError(`unable to find user ${name}: no matching entries in passwd file`);
  }
  const [login = name, , uid = name, gid = "0", , home = "/"] = line ?? [];
  const named = name === "0" && line === undefined ? { login: "root", home: "/root" } : { login, home };
  return { name: named.login, uid: Number(uid), gid: groupOf(disk, group) ?? Number(gid), home: named.home || "/" };
}

function groupOf(disk: Disk, group: string | undefined): number | undefined {
  if (group === undefined || group === "") return undefined;
  const line = linesOf(disk, "/etc/group").find(([name, , gid]) => name === group || gid === group);
  if (line === undefined && !/^\d+$/.test(group)) {
    throw systemError(`unable to find group ${group}: no matching entries in group file`);
  }
  return Number(line?.[2] ?? group);
}

function linesOf(disk: Disk, path: string): string[][] {
  const node = disk.peek(path);
  if (node?.kind !== "file") return [];
  return node.content
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(":"));
}
