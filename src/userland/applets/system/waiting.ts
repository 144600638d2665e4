/** Commands that wait, or that end others which wait too long. */
import { findProgramFor } from "../../process/find-program.ts";
import type { Process, Program } from "../../process/process.ts";
import { parseSignal, toSignalName } from "../../process/signals.ts";
import { AppletError, expectWords } from "../applet-errors.ts";
import { parseCount, readOptions } from "../read-options.ts";
import { createLookupError } from "../run-command.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const LONGEST_MS = 2 ** 31 - 1;

/** `1.5`, `2m`, `infinity`, in milliseconds. @throws AppletError */
function parsePause(text: string): number {
  if (text === "infinity") return LONGEST_MS;
  const [, number, unit = ""] = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text) ?? [];
  if (number === undefined) throw new AppletError(`invalid number '${text}'`);
  return Math.min(Number(number) * (UNITS[unit] ?? 1) * 1000, LONGEST_MS);
}

/** It has no options: `-1` is no number. */
export const sleep: Program = async (self) => {
  const words = self.argv.slice(1);
  expectWords(words, 1);
  const ms = words.map(parsePause).reduce((sum, one) => sum + one, 0);
  await self.sleep(Math.min(ms, LONGEST_MS));
  return 0;
};

export const usleep: Program = async (self) => {
  const words = self.argv.slice(1);
  expectWords(words, 1, 1);
  await self.sleep(parseCount(words[0] as string) / 1000);
  return 0;
};

/** Runs a command, and sends it a signal when its time is over: TERM, or `-s`, and with `-k` KILL so much later. */
export const timeout: Program = async (self) => {
  const { flags, words } = readOptions(self.argv, "s:k:", { stopsAtWord: true });
  expectWords(words, 2);
  const name = flags.get("s") ?? "TERM";
  const signal = name === "0" ? 0 : parseSignal(name);
  if (signal === undefined) throw new AppletError(`unknown signal '${name}'`);
  const [ms, killMs] = [parsePause(words[0] as string), parsePause(flags.get("k") ?? "0")];
  const argv = words.slice(1);
  const program = findProgramFor(self, argv);
  if (typeof program !== "function") throw createLookupError(argv, program);
  const child = self.spawn(program, argv);
  if (ms > 0 && (await isStillRunning(self, child, ms))) {
    if (signal !== 0) child.signal(toSignalName(signal));
    if (killMs > 0 && (await isStillRunning(self, child, killMs))) child.signal("KILL");
  }
  const status = await self.waitUntil(child.exited);
  // busybox runs the command in its own place, so that the shell tells of its end.
  self.endedBySignal = child.endedBySignal;
  return status;
};

async function isStillRunning(self: Process, child: Process, ms: number): Promise<boolean> {
  const over = new AbortController();
  const isLate = await self.waitUntil(
    Promise.race([child.exited.then(() => false), self.time.sleep(ms, over.signal).then(() => true)]),
  );
  over.abort();
  return isLate && child.isRunning;
}
