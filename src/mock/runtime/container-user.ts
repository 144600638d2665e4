/** Resolves the user that a container's process runs as. */
import { listGroups } from "../../userland/files/accounts.ts";
import type { Disk } from "../../userland/files/disk.ts";
import type { ProcessUser } from "../../userland/process/process.ts";
import { systemError } from "../model/api-error.ts";

/**
 * Looks a user up in the container's own /etc/passwd and /etc/group.
 * @param text `name`, `name:group`, or numbers; empty for root
 * @param added groups beside those of the user, by name or number (`HostConfig.GroupAdd`)
 * @throws ApiError 500 for an unknown name
 */
export function resolveUser(
  disk: Disk,
  text: string,
  added: readonly string[] = [],
): ProcessUser & { readonly home: string } {
  const [name = "", group] = (text === "" ? "0" : text).split(":");
  const line = readEntries(disk, "/etc/passwd").find(([login, , uid]) => login === name || uid === name);
  if (line === undefined && !/^\d+$/.test(name)) {
    throw systemError(`unable to find user ${name}: no matching entries in passwd file`);
  }
  const [login = name, , uid = name, gid = "0", , home = "/"] = line ?? [];
  const account = name === "0" && line === undefined ? { login: "root", home: "/root" } : { login, home };
  return {
    name: account.login,
    uid: Number(uid),
    gid: resolveGroup(disk, group) ?? Number(gid),
    groups: listSupplementaryGroups(disk, account.login, group, added),
    home: account.home || "/",
  };
}

/** A group that is named with the user takes the place of those that it is a member of (moby daemon/oci_linux.go, getUser). */
function listSupplementaryGroups(
  disk: Disk,
  login: string,
  group: string | undefined,
  added: readonly string[],
): readonly number[] {
  const own = group === undefined || group === "" ? listGroups(disk, login) : [];
  return [...new Set([...own, ...added.map((name) => resolveGroup(disk, name) ?? 0)])];
}

function resolveGroup(disk: Disk, group: string | undefined): number | undefined {
  if (group === undefined || group === "") return undefined;
  const line = readEntries(disk, "/etc/group").find(([name, , gid]) => name === group || gid === group);
  if (line === undefined && !/^\d+$/.test(group)) {
    throw systemError(`unable to find group ${group}: no matching entries in group file`);
  }
  return Number(line?.[2] ?? group);
}

function readEntries(disk: Disk, path: string): string[][] {
  const node = disk.peek(path);
  if (node?.kind !== "file") return [];
  return node.content
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(":"));
}
