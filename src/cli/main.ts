/** The command line of this process; bin/whalesong.js calls it. */
import { hideBin } from "yargs/helpers";
import { runVerb } from "./run-verb.ts";
import { createProcessTerminal } from "./terminal.ts";

/** Runs the verb that the process was started with, and sets its exit status. */
export async function runCommandLine(): Promise<void> {
  const { status, hasFailed } = await runVerb(hideBin(process.argv), createProcessTerminal(), process.stdout.columns);
  // A failed verb may have left a server open.
  if (hasFailed) process.exit(status);
  process.exitCode = status;
}
