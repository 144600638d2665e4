/** Commands that tell of what surrounds a process: user, host, programs, terminal. */
import { EXECUTE } from "../../files/permissions.ts";
import { DEFAULT_PATH } from "../../process/find-program.ts";
import type { Process, Program } from "../../process/process.ts";
import { AppletError, complain, expectWords } from "../applet-errors.ts";
import { parseCount, readOptions } from "../read-options.ts";

export const KERNEL = "6.1.0-25-amd64";
const KERNEL_VERSION = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.106-3 (2024-08-26)";
const PROCESSORS = 2;

export const whoami: Program = async (self) => {
  expectWords(self.argv, 1, 1);
  await self.writeStdout(`${self.user.name}\n`);
  return 0;
};

/**
 * With `-i`, the first address that /etc/hosts has for its name: more the resolver does not look for (host.conf(5)). A
 * container may not change its name.
 */
export const hostname: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "sidfF:");
  const file = flags.get("F");
  const isThere = file === undefined || self.disk.peek(self.resolvePath(file)) !== undefined;
  if (!isThere) throw new AppletError(`can't open '${file}': No such file or directory`);
  if (file !== undefined || words.length > 0) throw new AppletError("sethostname: Operation not permitted");
  const { host, hostname: own } = self.table;
  const [short = "", ...domain] = own.split(".");
  const facts = { i: host.addresses[0] ?? "", s: short, d: domain.join(".") };
  const text = flags.has("i") ? facts.i : flags.has("s") ? facts.s : flags.has("d") ? facts.d : own;
  if (text !== "" || !flags.has("d")) await self.writeStdout(`${text}\n`);
  return 0;
};

const UNAME_LONG = {
  all: "a",
  machine: "m",
  nodename: "n",
  "kernel-release": "r",
  release: "r",
  "kernel-name": "s",
  processor: "p",
  "kernel-version": "v",
  "hardware-platform": "i",
  "operating-system": "o",
};

export const uname: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "amnrspvio", { long: UNAME_LONG });
  expectWords(words, 0, 0);
  const facts: readonly (readonly [string, string])[] = [
    ["s", "Linux"],
    ["n", self.table.hostname],
    ["r", KERNEL],
    ["v", KERNEL_VERSION],
    ["m", "x86_64"],
    ["p", "unknown"],
    ["i", "unknown"],
    ["o", "GNU/Linux"],
  ];
  const shown = facts.filter(([letter, fact]) =>
    flags.has("a") ? fact !== "unknown" : flags.has(letter) || (flags.size === 0 && letter === "s"),
  );
  await self.writeStdout(`${shown.map(([, fact]) => fact).join(" ")}\n`);
  return 0;
};

/** Where the programs of these names are; with `-a`, all of each name. */
export const which: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "a");
  expectWords(words, 1);
  let status = 0;
  for (const name of words) {
    const found = listPaths(self, name).filter((path) => isProgram(self, path));
    if (found.length === 0) status = 1;
    for (const path of flags.has("a") ? found : found.slice(0, 1)) await self.writeStdout(`${path}\n`);
  }
  return status;
};

function listPaths(self: Process, name: string): readonly string[] {
  if (name.includes("/")) return [name];
  return (self.env.PATH ?? DEFAULT_PATH).split(":").map((folder) => (folder === "" ? name : `${folder}/${name}`));
}

function isProgram(self: Process, path: string): boolean {
  const at = self.resolvePath(path);
  return self.disk.peek(at)?.kind === "file" && self.disk.mayAccess(at, EXECUTE);
}

export const nproc: Program = async (self) => {
  const { flags } = readOptions(self.argv, "", { long: { all: "all", ignore: "ignore:" } });
  await self.writeStdout(`${Math.max(1, PROCESSORS - parseCount(flags.get("ignore") ?? "0"))}\n`);
  return 0;
};

export const tty: Program = async (self) => {
  const { flags } = readOptions(self.argv, "s");
  if (!flags.has("s")) await self.writeStdout(self.terminal === undefined ? "not a tty\n" : "/dev/pts/0\n");
  return self.terminal === undefined ? 1 : 0;
};

/** What a simulated terminal takes and needs not do: it has no lines to edit, and no speed. */
const STTY_SETTINGS =
  /^(?:-?(?:echo[ekl]?|icanon|isig|iexten|icrnl|inlcr|opost|onlcr|ixon|ixoff|ixany|brkint|cs8|parenb|hup|hupcl|raw|cooked)|sane|cs8|\d+)$/;

export const stty: Program = async (self) => {
  const { terminal } = self;
  if (terminal === undefined) throw new AppletError("standard input: Not a tty");
  const words = self.argv.slice(1);
  const unknown = words.find((word) => !/^(?:size|-a|-g)$/.test(word) && !STTY_SETTINGS.test(word));
  if (unknown !== undefined) throw new AppletError(`invalid argument '${unknown}'`);
  for (const word of words) {
    if (word === "size") await self.writeStdout(`${terminal.window.rows} ${terminal.window.columns}\n`);
    if (word === "-echo" || word === "echo") terminal.echoes = word === "echo";
  }
  return 0;
};

/** Nothing has to be written, but files that are named have to be there. */
export const sync: Program = async (self) => {
  const { words } = readOptions(self.argv, "df");
  let status = 0;
  for (const word of words) {
    const isThere = self.disk.peek(self.resolvePath(word)) !== undefined;
    if (!isThere) status = await complain(self, `can't open '${word}': No such file or directory`);
  }
  return status;
};

/** The terminal's cursor goes home, and what is below it away (ECMA-48, CUP and ED). */
export const clear: Program = async (self) => {
  await self.writeStdout("\u001b[H\u001b[J");
  return 0;
};
