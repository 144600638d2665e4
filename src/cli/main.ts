/** The command line of this process; bin/whalesong.js calls it. */
import { runWords } from "./run-words.ts";
import { createProcessTerminal } from "./terminal.ts";

/** Runs the verb that the process was started with, and sets its exit status. */
export async function runCommandLine(): Promise<void> {
  const { status, hasFailed } = await runWords(process.argv.slice(2), createProcessTerminal(), process.stdout.columns);
  // A failed verb may have left a server open.
  if (hasFailed) process.exit(status);
  process.exitCode = status;
}
