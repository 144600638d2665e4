/** Users and groups by the container's own /etc/passwd and /etc/group. */
import type { Disk } from "./disk.ts";

export interface UserAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** @param name a login name, or the text of a number */
export function findUser(disk: Disk, name: string): UserAccount | undefined {
  const fields = readFields(disk, "/etc/passwd").find(([login]) => login === name);
  const [login, , uid, gid] = fields ?? readFields(disk, "/etc/passwd").find(([, , id]) => id === name) ?? [];
  return login === undefined ? undefined : { name: login, uid: Number(uid), gid: Number(gid) };
}

/** The number of a group. @param name a group's name, or the text of a number that a group has */
export function findGroup(disk: Disk, name: string): number | undefined {
  const groups = readFields(disk, "/etc/group");
  const fields = groups.find(([group]) => group === name) ?? groups.find(([, , gid]) => gid === name);
  return fields === undefined ? undefined : Number(fields[2]);
}

export function findUserName(disk: Disk, uid: number): string | undefined {
  return readFields(disk, "/etc/passwd").find(([, , id]) => id === String(uid))?.[0];
}

export function findGroupName(disk: Disk, gid: number): string | undefined {
  return readFields(disk, "/etc/group").find(([, , id]) => id === String(gid))?.[0];
}

/** The groups that have the user as a member, by number. */
export function listGroups(disk: Disk, user: string): readonly number[] {
  const groups = readFields(disk, "/etc/group").filter(([, , , members = ""]) => members.split(",").includes(user));
  return groups.map(([, , gid]) => Number(gid));
}

function readFields(disk: Disk, path: string): readonly string[][] {
  const node = disk.peek(path);
  if (node?.kind !== "file") return [];
  const lines = node.content.toString("utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => line.split(":"));
}
