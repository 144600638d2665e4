/** `id`: who a process is, or what a user of the container would be. */
import { findGroupName, findUser, findUserName, listGroups } from "../../files/accounts.ts";
import type { Process, Program } from "../../process/process.ts";
import { expectWords, WrongUsage } from "../applet-errors.ts";
import { readOptions } from "../read-options.ts";

interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

export const id: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "ugGnr");
  expectWords(words, 0, 1);
  const chosen = ["u", "g", "G"].filter((letter) => flags.has(letter));
  // Names, and real ids, are asked for of one of these.
  if (chosen.length > 1 || (chosen.length === 0 && (flags.has("n") || flags.has("r")))) throw new WrongUsage("");
  const [name] = words;
  const identity = name === undefined ? identifyProcess(self) : identifyUser(self, name);
  if (identity === undefined) {
    await self.writeStderr(`id: unknown user ${name}\n`);
    return 1;
  }
  await self.writeStdout(`${selectFacts(self, identity, flags)}\n`);
  return 0;
};

function identifyProcess({ user: { uid, gid, groups = [] } }: Process): Identity {
  const isOfRoot = gid === 0 && !groups.includes(0);
  return { uid, gid, groups: isOfRoot ? [0, ...groups] : groups };
}

function identifyUser({ disk }: Process, name: string): Identity | undefined {
  const account = findUser(disk, name);
  if (account === undefined) return undefined;
  const { uid, gid } = account;
  return { uid, gid, groups: [...new Set([gid, ...listGroups(disk, account.name)])] };
}

function selectFacts(self: Process, { uid, gid, groups }: Identity, flags: ReadonlyMap<string, string>): string {
  const isNamed = flags.has("n");
  const toUser = (): string => (isNamed ? (findUserName(self.disk, uid) ?? `${uid}`) : `${uid}`);
  const toGroup = (group: number): string => (isNamed ? (findGroupName(self.disk, group) ?? `${group}`) : `${group}`);
  if (flags.has("u")) return toUser();
  if (flags.has("g")) return toGroup(gid);
  if (flags.has("G")) return [...new Set([gid, ...groups])].map(toGroup).join(" ");
  return describeIdentity(self, { uid, gid, groups });
}

function describeIdentity({ disk }: Process, { uid, gid, groups }: Identity): string {
  const describe = (number: number, name: string | undefined): string =>
    name === undefined ? `${number}` : `${number}(${name})`;
  const listed = groups.map((group) => describe(group, findGroupName(disk, group))).join(",");
  const base = `uid=${describe(uid, findUserName(disk, uid))} gid=${describe(gid, findGroupName(disk, gid))}`;
  return listed === "" ? base : `${base} groups=${listed}`;
}
