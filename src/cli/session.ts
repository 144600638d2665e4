/** Serves clients of record, replay, run and mock until the command ends, or the user stops. */
import { systemClock } from "../io/clock.ts";
import type { ServerTls } from "../io/listen/server-tls.ts";
import { type CommandResult, runCommand } from "../io/run-command.ts";
import type { RunningServer } from "../modes/service.ts";
import { type ClientTls, prepareClientTls } from "./client-tls.ts";
import { printWarning, type Terminal } from "./terminal.ts";

/** How long the last connections of a command may stay open after its end. */
const CONNECTION_GRACE_MS = 1000;
const POLL_MS = 10;
const TLS_VARIABLES =
  "  export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=...   (a folder with ca.pem, cert.pem and key.pem)\n";

/** Also without a command: then it has started, and its status is 0. */
export interface ServeOutcome<Report> extends CommandResult {
  readonly report: Report;
}

export interface ServeOptions {
  readonly terminal: Terminal;
  /** The words behind `--`. Empty: serve until the terminal stops. */
  readonly command: readonly string[];
  /** The server's TLS: the command is told to speak it. @default none */
  readonly tls?: ServerTls | undefined;
  /** Variables of the command beside DOCKER_HOST. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that the command starts in. @default that of this process */
  readonly cwd?: string;
}

/**
 * Serves until `command` ends, with DOCKER_HOST set for it; without a command, until SIGINT, SIGTERM or SIGHUP.
 * @param end ends the server, knowing how the command ended
 */
export async function serve<Report>(
  server: RunningServer<Report>,
  options: ServeOptions,
  end: (result: CommandResult) => Promise<Report> = () => server.stop(),
): Promise<ServeOutcome<Report>> {
  const result = await (options.command.length > 0 ? serveCommand(server, options) : serveUntilStop(server, options));
  return { ...result, report: await end(result) };
}

async function serveUntilStop(
  { url }: RunningServer<unknown>,
  { terminal, tls }: ServeOptions,
): Promise<CommandResult> {
  const stopping = terminal.waitForStop();
  const { stderr } = terminal;
  stderr.write(`listening on ${url}\n`);
  if (stderr.isTerminal === true) {
    stderr.write(`  export DOCKER_HOST=${url}   (Ctrl-C ends it)\n`);
    if (tls !== undefined) stderr.write(TLS_VARIABLES);
  }
  await stopping;
  return { status: 0, hasStarted: true };
}

async function serveCommand(
  server: RunningServer<unknown>,
  { terminal, command, tls, env = {}, cwd }: ServeOptions,
): Promise<CommandResult> {
  const own = { ...process.env, ...env };
  const client = tls === undefined ? undefined : prepareClientTls(tls, server.url, own);
  if (client?.problem !== undefined) printWarning(terminal, client.problem);
  const variables = buildEnvironment(own, server.url, client);
  const result = await runCommand(command, variables, cwd === undefined ? {} : { cwd }).finally(() => client?.remove());
  // From here on no command handles the signals; the cassette is not written yet.
  let isStopping = false;
  void terminal.waitForStop().then(() => {
    isStopping = true;
  });
  for (let waited = 0; server.connections > 0 && waited < CONNECTION_GRACE_MS && !isStopping; waited += POLL_MS)
    await systemClock.sleep(POLL_MS);
  return result;
}

/** Sets DOCKER_HOST, removes what would send the client to another daemon, and has it speak TLS or not. */
export function buildEnvironment(
  env: NodeJS.ProcessEnv,
  url: string,
  tls?: Pick<ClientTls, "url" | "env">,
): NodeJS.ProcessEnv {
  const { DOCKER_CONTEXT: _, ...own } = env;
  if (tls !== undefined) return { ...own, ...tls.env, DOCKER_HOST: tls.url };
  const { DOCKER_TLS: _tls, DOCKER_TLS_VERIFY: _verify, ...rest } = own;
  return { ...rest, DOCKER_HOST: url };
}

/** The words behind `--`. */
export function readCommand(argv: Readonly<Record<string, unknown>>): readonly string[] {
  const words = argv["--"];
  return Array.isArray(words) ? words.map(String) : [];
}
