/** What record, replay and run share: serve until the command, or the person, is done. */

import { systemClock } from "../io/clock.ts";
import { runCommand } from "../io/run-command.ts";
import type { RunningServer } from "../modes/service.ts";

/** How long a command's last connections may take to be closed, once it has ended. */
const LAST_WORDS_MS = 1000;
const LOOK_MS = 10;

export interface ServeOutcome<Report> {
  readonly report: Report;
  /** The command's exit status; 0 without a command. */
  readonly status: number;
}

/** Serves until `command` ends, with DOCKER_HOST set for it; without one, until SIGINT or SIGTERM. */
export async function serve<Report>(
  running: RunningServer<Report>,
  command: readonly string[],
  isTls = false,
): Promise<ServeOutcome<Report>> {
  if (command.length > 0) return serveCommand(running, command, isTls);
  const stopping = waitForSignal();
  process.stderr.write(`listening on ${running.url}\n`);
  await stopping;
  return { report: await running.stop(), status: 0 };
}

async function serveCommand<Report>(
  running: RunningServer<Report>,
  command: readonly string[],
  isTls: boolean,
): Promise<ServeOutcome<Report>> {
  const { status } = await runCommand(command, buildEnvironment(running.url, isTls));
  for (let waited = 0; running.connections > 0 && waited < LAST_WORDS_MS; waited += LOOK_MS)
    await systemClock.sleep(LOOK_MS);
  return { report: await running.stop(), status };
}

/** DOCKER_HOST alone decides: what else would send the client to another daemon, or make it speak TLS, is taken away. */
function buildEnvironment(url: string, isTls: boolean): NodeJS.ProcessEnv {
  if (isTls) return { ...process.env, DOCKER_HOST: url };
  const { DOCKER_CONTEXT: _, DOCKER_TLS: _tls, DOCKER_TLS_VERIFY: _verify, ...rest } = process.env;
  return { ...rest, DOCKER_HOST: url };
}

function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    // Kept for good: a second signal must not end us while the cassette is being put in place.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
}

/** The words behind `--`. */
export function readCommand(argv: Readonly<Record<string, unknown>>): readonly string[] {
  const words = argv["--"];
  return Array.isArray(words) ? words.map(String) : [];
}

export function warn(problem: unknown): void {
  process.stderr.write(`whalesong: ${problem instanceof Error ? problem.message : String(problem)}\n`);
}
