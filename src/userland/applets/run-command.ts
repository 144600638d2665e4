import { findProgramFor } from "../process/find-program.ts";
import type { Process, ProcessStart } from "../process/process.ts";

/** Runs another command to its end; 127 where there is none. */
export async function runCommand(
  self: Process,
  argv: readonly string[],
  start: Partial<ProcessStart> = {},
): Promise<number> {
  const program = findProgramFor(self, argv);
  if (typeof program === "function") return self.waitUntil(self.spawn(program, argv, start).exited);
  await self.writeStderr(`${self.argv[0]}: ${argv[0]}: No such file or directory\n`);
  return 127;
}
