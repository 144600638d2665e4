/** What the command line uses of its process. A test passes a terminal of its own and runs in-process. */
export interface Terminal {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Resolves when the user or the system asks the process to stop: at the first SIGINT, SIGTERM or SIGHUP. */
  waitForStop(): Promise<void>;
}

export interface TextOutput {
  write(text: string): unknown;
}

/** The terminal of this process. */
export function createProcessTerminal(): Terminal {
  return { stdout: { write: writeToStdout }, stderr: process.stderr, waitForStop: waitForSignal };
}

function writeToStdout(text: string): void {
  const { stdout } = process;
  // A pager that is closed early is no error.
  if (stdout.listenerCount("error") === 0) stdout.on("error", exitOnClosedPipe);
  stdout.write(text);
}

function exitOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(0);
}

function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    // The listeners stay: a second signal must not end the process while it writes the cassette.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
}

/** Prints a problem that does not end the verb. */
export function printWarning({ stderr }: Terminal, problem: unknown): void {
  stderr.write(`whalesong: ${problem instanceof Error ? problem.message : String(problem)}\n`);
}
