import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";
import { getErrno, toErrorMessage } from "./errno.ts";

/** What a process is told by signals; `process` itself is one. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

export interface RunOptions {
  readonly signals?: SignalSource;
  /** Whether there is a terminal that sends Ctrl-C to the child by itself. Default: whether /dev/tty opens. */
  readonly hasTerminal?: boolean;
  /** Told why a command could not be started. Default: a line on stderr. */
  readonly report?: (message: string) => void;
}

const FORWARDED = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR2", "SIGWINCH"] as const;

/** A terminal sends these to all in the foreground; to a second copy `docker compose up` answers by killing. */
const FROM_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGQUIT", "SIGWINCH"] as const);

/**
 * Runs a command with our own stdin, stdout and stderr, and outlives it: signals are passed on, not obeyed. The status
 * is the command's, 128+n if a signal ended it, 127 if there is no such command, 126 if it cannot be run (as in sh).
 */
export async function runCommand(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  options: RunOptions = {},
): Promise<{ status: number }> {
  const { signals = process, hasTerminal = hasControllingTerminal(), report = complain } = options;
  let child: ChildProcess | undefined;
  const forward = (signal: NodeJS.Signals): void => {
    if (!(hasTerminal && FROM_TERMINAL.has(signal))) child?.kill(signal);
  };
  // Before the child is there: a signal in between must not end us and leave it behind.
  for (const signal of FORWARDED) signals.on(signal, forward);
  try {
    child = spawnCommand(command, env);
    return { status: await waitForExit(child) };
  } catch (error) {
    report(`cannot run \`${command[0] ?? ""}\`: ${explainStartFailure(error)}`);
    return { status: getErrno(error) === "ENOENT" ? 127 : 126 };
  } finally {
    for (const signal of FORWARDED) signals.off(signal, forward);
  }
}

function spawnCommand([file = "", ...args]: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(file, args, { env, stdio: "inherit" });
}

function waitForExit(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    // 'error' also comes when a signal cannot be delivered; only a child that never ran has no pid.
    child.on("error", (error) => child.pid === undefined && reject(error));
    child.once("exit", (status, signal) => resolve(signal === null ? (status ?? 1) : 128 + constants.signals[signal]));
  });
}

function hasControllingTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

function complain(message: string): void {
  process.stderr.write(`whalesong: ${message}\n`);
}

function explainStartFailure(error: unknown): string {
  const errno = getErrno(error);
  if (errno === "ENOENT") return "there is no such command on the PATH";
  if (errno === "EACCES") return "permission denied; is it executable, and no folder?";
  return toErrorMessage(error);
}
