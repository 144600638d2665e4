/** Commands that tell of, or change, what surrounds a process: time, user, host, other processes, terminal. */
import { findProgramFor } from "../../process/find-program.ts";
import type { Process, Program } from "../../process/process.ts";
import { parseSignal, toSignalName } from "../../process/signals.ts";
import { formatTime } from "../format-time.ts";
import { readOptions } from "../read-options.ts";

export const KERNEL = "6.1.0-25-amd64";
const KERNEL_VERSION = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.106-3 (2024-08-26)";

export const sleep: Program = async (self) => {
  let ms = 0;
  for (const word of self.argv.slice(1)) {
    const match = /^(\d*\.?\d+)([smhd]?)$/.exec(word);
    if (match === null && word !== "infinity") return fail(self, `invalid number '${word}'`, 1);
    const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[match?.[2] || "s"] ?? 1;
    ms += match === null ? Number.POSITIVE_INFINITY : Number(match[1]) * unit * 1000;
  }
  await self.sleep(Math.min(ms, 2 ** 31 - 1));
  return 0;
};

export const date: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "us:d:D:r:RI::");
  const now =
    flags.get("d")?.startsWith("@") === true
      ? BigInt(flags.get("d")?.slice(1) as string) * 1_000_000_000n
      : self.time.now();
  const format = words[0]?.startsWith("+") === true ? words[0].slice(1) : "%a %b %e %H:%M:%S UTC %Y";
  await self.writeStdout(`${formatTime(format, now)}\n`);
  return 0;
};

export const whoami: Program = async (self) => {
  await self.writeStdout(`${self.user.name}\n`);
  return 0;
};

/** With `-i`, the first address that /etc/hosts has for its name: more the resolver does not look for (host.conf(5)). */
export const hostname: Program = async (self) => {
  const { flags } = readOptions(self.argv, "sidfF:");
  const { host, hostname: own } = self.table;
  await self.writeStdout(`${flags.has("i") ? (host.addresses[0] ?? "") : own}\n`);
  return 0;
};

export const uname: Program = async (self) => {
  const { flags } = readOptions(self.argv, "amnrspvio");
  const facts: readonly (readonly [string, string])[] = [
    ["s", "Linux"],
    ["n", self.table.hostname],
    ["r", KERNEL],
    ["v", KERNEL_VERSION],
    ["m", "x86_64"],
    ["o", "GNU/Linux"],
  ];
  const shown = facts.filter(([letter]) => flags.has("a") || flags.has(letter) || (flags.size === 0 && letter === "s"));
  await self.writeStdout(`${shown.map(([, fact]) => fact).join(" ")}\n`);
  return 0;
};

/** Prints the environment, or runs a command with another one. */
export const env: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "i0u:", { stopsAtWord: true });
  const variables: Record<string, string> = flags.has("i") ? {} : { ...self.env };
  delete variables[flags.get("u") ?? ""];
  const rest = [...words];
  for (
    let pair = /^(\w+)=([\s\S]*)$/.exec(rest[0] ?? "");
    pair !== null;
    pair = /^(\w+)=([\s\S]*)$/.exec(rest[0] ?? "")
  ) {
    variables[pair[1] as string] = pair[2] as string;
    rest.shift();
  }
  if (rest.length > 0) return replaceProcess(self, rest, variables);
  await self.writeStdout(
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  return 0;
};

async function replaceProcess(
  self: Process,
  argv: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<number> {
  self.env = variables;
  const program = findProgramFor(self, argv);
  if (typeof program !== "function") return fail(self, `can't execute '${argv[0]}': No such file or directory`, 127);
  self.argv = argv;
  return program(self);
}

export const nohup: Program = (self) => replaceProcess(self, self.argv.slice(1), self.env);

export const timeout: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "s:k:", { stopsAtWord: true });
  const [seconds = "0", ...argv] = words;
  const program = findProgramFor(self, argv);
  if (typeof program !== "function") return fail(self, `can't execute '${argv[0]}': No such file or directory`, 127);
  const child = self.spawn(program, argv);
  const isLate = await Promise.race([
    child.exited.then(() => false),
    self.time.sleep(Number.parseFloat(seconds) * 1000).then(() => true),
  ]);
  if (!isLate) return child.status ?? 0;
  await self.writeStderr("Terminated\n");
  child.signal(toSignalName(parseSignal(flags.get("s") ?? "TERM") ?? 15));
  await self.waitUntil(child.exited);
  return 143;
};

export const which: Program = async (self) => {
  let status = 0;
  for (const name of self.argv.slice(1)) {
    const path = (self.env.PATH ?? "")
      .split(":")
      .map((folder) => `${folder}/${name}`)
      .find((at) => self.disk.peek(at)?.kind === "file");
    if (path === undefined) status = 1;
    else await self.writeStdout(`${path}\n`);
  }
  return status;
};

export const ps: Program = async (self) => {
  const lines = self.table.running.map(
    ({ pid, user, argv }) => `${String(pid).padStart(5)} ${user.name.padEnd(8)}  0:00 ${argv.join(" ")}`,
  );
  await self.writeStdout(`PID   USER     TIME  COMMAND\n${lines.join("\n")}\n`);
  return 0;
};

export const pidof: Program = async (self) => {
  const [, name = ""] = self.argv;
  const pids = self.table.running.flatMap(({ pid, argv: [own = ""] }) => (own.split("/").at(-1) === name ? [pid] : []));
  if (pids.length > 0) await self.writeStdout(`${pids.reverse().join(" ")}\n`);
  return pids.length > 0 ? 0 : 1;
};

export const nproc: Program = async (self) => {
  await self.writeStdout("2\n");
  return 0;
};

export const usleep: Program = async (self) => {
  await self.sleep(Number(self.argv[1] ?? 0) / 1000);
  return 0;
};

export const tty: Program = async (self) => {
  await self.writeStdout(self.terminal === undefined ? "not a tty\n" : "/dev/pts/0\n");
  return self.terminal === undefined ? 1 : 0;
};

export const stty: Program = async (self) => {
  const { terminal } = self;
  if (terminal === undefined) return fail(self, "standard input: Not a tty", 1);
  const word = self.argv[1];
  if (word === "size") await self.writeStdout(`${terminal.window.rows} ${terminal.window.columns}\n`);
  if (word === "-echo" || word === "echo") terminal.echoes = word === "echo";
  return 0;
};

async function fail(self: Process, message: string, status: number): Promise<number> {
  await self.writeStderr(`${self.argv[0]}: ${message}\n`);
  return status;
}
