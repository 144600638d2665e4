/** How applets run other commands, and what they say of those that cannot be executed. */
import { findProgramFor, type LookupFailure } from "../process/find-program.ts";
import type { Process } from "../process/process.ts";
import { AppletError, complain } from "./applet-errors.ts";

const CANNOT_EXECUTE = 126;
const NOT_FOUND = 127;

/** Runs another command to its end; 126 or 127, with a complaint, where it cannot be executed. */
export async function runCommand(self: Process, argv: readonly string[]): Promise<number> {
  const program = findProgramFor(self, argv);
  if (typeof program === "function") return self.waitUntil(self.spawn(program, argv).exited);
  const { reason, status } = explainLookup(program);
  await complain(self, `${argv[0]}: ${reason}`);
  return status;
}

/** For applets that become the command: `can't execute 'rustc': No such file or directory`. */
export function createLookupError([name = ""]: readonly string[], failure: LookupFailure): AppletError {
  const { reason, status } = explainLookup(failure);
  return new AppletError(`can't execute '${name}': ${reason}`, status);
}

/** Why a command cannot be executed, and the status that says so. */
export function explainLookup(failure: LookupFailure): { readonly reason: string; readonly status: number } {
  return failure === "is a directory" || failure === "permission denied"
    ? { reason: "Permission denied", status: CANNOT_EXECUTE }
    : { reason: "No such file or directory", status: NOT_FOUND };
}
