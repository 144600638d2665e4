/** Builtins about what a process may have: `umask`, `ulimit`, `times`. */
import { formatUmask, parseMode } from "../../files/parse-mode.ts";
import type { Shell } from "../shell.ts";

const ALL = 0o777;
/** The resources of getrlimit(2) that `ulimit` knows, by letter. */
const RESOURCES = "HSafdscmlpnvwertiqux";

/** The umask in octal digits, or as permissions with `-S`; or a new one, in one of these forms. */
export async function changeUmask(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  const { self } = shell;
  const option = words.find((word) => /^-[^S]/.test(word));
  if (option !== undefined) return shell.failWith(`umask: line 0: illegal option ${option}`, 2);
  const text = words.find((word) => word !== "-S");
  if (text === undefined) {
    const umask = words.includes("-S") ? formatUmask(self.umask) : self.umask.toString(8).padStart(4, "0");
    await self.writeStdout(`${umask}\n`);
    return 0;
  }
  const mode = parseMode(text, { mode: ALL & ~self.umask, isFolder: true, umask: self.umask });
  const umask = mode === undefined || /^\d/.test(text) ? mode : ALL & ~mode;
  if (umask === undefined || umask > ALL) return shell.failWith(`umask: line 0: illegal mode: ${text}`, 2);
  self.umask = umask;
  return 0;
}

/** Tells how many files may be open; what is set has no effect here. */
export async function printLimit({ self, disk }: Shell, [, ...words]: readonly string[]): Promise<number> {
  const letters = words.filter((word) => word.startsWith("-")).flatMap((word) => [...word.slice(1)]);
  const unknown = letters.find((letter) => !RESOURCES.includes(letter));
  if (unknown !== undefined) {
    await self.writeStderr(`ulimit: invalid option -- '${unknown}'\n`);
    return 1;
  }
  if (words.some((word) => !word.startsWith("-"))) return 0;
  const node = disk.peek("/proc/self/limits");
  const limits = node?.kind === "file" ? node.content.toString("latin1") : "";
  const soft = letters.includes("n") ? /^Max open files +(\d+)/m.exec(limits)?.[1] : undefined;
  await self.writeStdout(`${soft ?? "unlimited"}\n`);
  return 0;
}

/** Simulated processes take no time of a processor. */
export async function printTimes({ self }: Shell): Promise<number> {
  await self.writeStdout("0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n");
  return 0;
}
