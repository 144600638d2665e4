/** The errors of runc for a process that cannot be started (opencontainers/runc 1.1, libcontainer). */
import type { LookupFailure } from "../../../userland/process/find-program.ts";

export interface RuntimeError {
  readonly message: string;
  /** The exit status that a shell would report: 126 or 127. */
  readonly exitCode: number;
}

const START = "failed to create shim task: OCI runtime create failed: runc create failed: ";
const EXEC = "OCI runtime exec failed: exec failed: ";

export function createRuntimeError(during: "start" | "exec", name: string, reason: LookupFailure): RuntimeError {
  const isMissing = reason === "not found" || reason === "no such file";
  return createStartError(during, `exec: "${name}": ${explainReason(name, reason)}`, isMissing ? 127 : 126);
}

export function createStartError(during: "start" | "exec", what: string, exitCode: number): RuntimeError {
  const prefix = during === "start" ? START : EXEC;
  return { message: `${prefix}unable to start container process: ${what}: unknown`, exitCode };
}

function explainReason(name: string, reason: LookupFailure): string {
  switch (reason) {
    case "not found":
      return "executable file not found in $PATH";
    case "no such file":
      return `stat ${name}: no such file or directory`;
    case "not simulated":
      return "whalesong's mock has no program that stands for this file";
    default:
      return "permission denied";
  }
}
