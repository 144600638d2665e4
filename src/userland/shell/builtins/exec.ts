/** `exec`: the shell becomes another program, or keeps redirections. */
import { ProcessEnd, StackOverflow } from "../../process/process-end.ts";
import { ShellExit } from "../flow.ts";
import { findProgramOrFail } from "../invoke-command.ts";
import type { Shell } from "../shell.ts";

/** The process stays, and the shell is over. */
export async function runExec(shell: Shell, [, ...words]: readonly string[]): Promise<number> {
  const argv = words[0] === "--" ? words.slice(1) : words;
  if (argv.length === 0) return 0;
  const program = await findProgramOrFail(shell, argv, shell.self);
  if (typeof program === "number") throw new ShellExit(program);
  return replaceShell(shell, argv, program);
}

/** More than any script means. */
const MOST_EXECS = 5000;
const execCounts = new WeakMap<Shell["self"], number>();

/** @throws StackOverflow: what the process was before is still on our stack */
async function noteExec(self: Shell["self"]): Promise<void> {
  const count = (execCounts.get(self) ?? 0) + 1;
  if (count > MOST_EXECS) throw new StackOverflow();
  execCounts.set(self, count);
  await self.yield();
}

export async function replaceShell(
  shell: Shell,
  argv: readonly string[],
  program: (self: Shell["self"]) => Promise<number> | number,
): Promise<never> {
  const { self } = shell;
  for (const name of shell.traps.keys()) self.onSignal(name, undefined);
  shell.traps.clear();
  await noteExec(self);
  self.argv = argv;
  self.env = shell.environment;
  throw new ProcessEnd(await program(self));
}
