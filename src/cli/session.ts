/** Serves clients of record, replay, run and mock until the command ends, or the user stops. */
import { systemClock } from "../io/clock.ts";
import { runCommand } from "../io/run-command.ts";
import type { RunningServer } from "../modes/service.ts";
import type { Terminal } from "./terminal.ts";

/** How long the last connections of a command may stay open after its end. */
const CONNECTION_GRACE_MS = 1000;
const POLL_MS = 10;

export interface ServeOutcome<Report> {
  readonly report: Report;
  /** The command's exit status; 0 without a command. */
  readonly status: number;
}

export interface ServeOptions {
  readonly terminal: Terminal;
  /** The words behind `--`. Empty: serve until the terminal stops. */
  readonly command: readonly string[];
  /** Whether the server speaks TLS: then the command keeps its own TLS settings. @default false */
  readonly isTls?: boolean;
}

/** Serves until `command` ends, with DOCKER_HOST set for it; without a command, until SIGINT, SIGTERM or SIGHUP. */
export async function serve<Report>(
  server: RunningServer<Report>,
  { terminal, command, isTls = false }: ServeOptions,
): Promise<ServeOutcome<Report>> {
  if (command.length > 0) return serveCommand(server, command, isTls);
  const stopping = terminal.waitForStop();
  terminal.stderr.write(`listening on ${server.url}\n`);
  await stopping;
  return { report: await server.stop(), status: 0 };
}

async function serveCommand<Report>(
  server: RunningServer<Report>,
  command: readonly string[],
  isTls: boolean,
): Promise<ServeOutcome<Report>> {
  const { status } = await runCommand(command, buildEnvironment(process.env, server.url, isTls));
  for (let waited = 0; server.connections > 0 && waited < CONNECTION_GRACE_MS; waited += POLL_MS)
    await systemClock.sleep(POLL_MS);
  return { report: await server.stop(), status };
}

/** Sets DOCKER_HOST, and removes what would send the client to another daemon or make it speak TLS. */
export function buildEnvironment(env: NodeJS.ProcessEnv, url: string, isTls: boolean): NodeJS.ProcessEnv {
  if (isTls) return { ...env, DOCKER_HOST: url };
  const { DOCKER_CONTEXT: _, DOCKER_TLS: _tls, DOCKER_TLS_VERIFY: _verify, ...rest } = env;
  return { ...rest, DOCKER_HOST: url };
}

/** The words behind `--`. */
export function readCommand(argv: Readonly<Record<string, unknown>>): readonly string[] {
  const words = argv["--"];
  return Array.isArray(words) ? words.map(String) : [];
}
