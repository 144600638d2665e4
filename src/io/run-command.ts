import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";
import { toErrorMessage } from "../base/error-message.ts";
import { escapeUnprintable } from "../base/printable.ts";
import { getErrno } from "./errno.ts";

/** Emits signals, as `process` does. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

/** How a command ended. */
export interface CommandResult {
  /** Its exit status, as in sh. */
  readonly status: number;
  /** Whether it could be started at all. */
  readonly hasStarted: boolean;
}

export interface RunOptions {
  readonly signals?: SignalSource;
  /** Whether a terminal sends Ctrl-C to the child itself. @default whether /dev/tty opens */
  readonly hasTerminal?: boolean;
  /** The folder that it starts in. @default that of this process */
  readonly cwd?: string;
  /** Called with the reason if the command cannot be started. @default a line on stderr */
  readonly report?: (message: string) => void;
}

const FORWARDED = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR2", "SIGWINCH"] as const;

/** A terminal sends these to the whole foreground group; `docker compose up` kills its containers on a second copy. */
const FROM_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGQUIT", "SIGWINCH"] as const);

/**
 * Runs a command with the stdin, stdout and stderr of this process. Signals are forwarded to the command, and do not
 * end this process. As in sh, the status is the command's, 128+n if signal n ended it, 127 if there is no such command,
 * 126 if it cannot be executed.
 */
export async function runCommand(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  options: RunOptions = {},
): Promise<CommandResult> {
  const { signals = process, hasTerminal = hasControllingTerminal(), report = complain } = options;
  let child: ChildProcess | undefined;
  const forward = (signal: NodeJS.Signals): void => {
    if (!(hasTerminal && FROM_TERMINAL.has(signal))) child?.kill(signal);
  };
  // Before the child starts: a signal in between must not end this process and leave the child behind.
  for (const signal of FORWARDED) signals.on(signal, forward);
  try {
    child = spawnCommand(command, env, options.cwd);
    return { status: await waitForExit(child), hasStarted: true };
  } catch (error) {
    report(`cannot run \`${command[0] ?? ""}\`: ${explainStartFailure(error)}`);
    return { status: getErrno(error) === "ENOENT" ? 127 : 126, hasStarted: false };
  } finally {
    for (const signal of FORWARDED) signals.off(signal, forward);
  }
}

function spawnCommand([file = "", ...args]: readonly string[], env: NodeJS.ProcessEnv, cwd?: string): ChildProcess {
  return spawn(file, args, { env, stdio: "inherit", ...(cwd === undefined ? {} : { cwd }) });
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
  process.stderr.write(`whalesong: ${escapeUnprintable(message)}\n`);
}

function explainStartFailure(error: unknown): string {
  const errno = getErrno(error);
  if (errno === "ENOENT") return "there is no such command on the PATH";
  if (errno === "EACCES") return "permission denied; is it executable, and not a folder?";
  return toErrorMessage(error);
}
