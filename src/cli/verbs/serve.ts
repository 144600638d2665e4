import type { Argv } from "yargs";
import { formatCount } from "../../base/format-count.ts";
import { CassetteServer, type InsertionState } from "../../integrations/serve/cassette-server.ts";
import { runCommand } from "../../io/run-command.ts";
import { toUpstream, upstreamFlag } from "../flags.ts";
import { readCommand, type ServeOptions } from "../session.ts";
import { printWarning } from "../terminal.ts";
import type { CliVerb } from "../verb.ts";

interface ServeArguments {
  readonly control: string | undefined;
  readonly upstream: string | undefined;
  readonly untilStdinCloses: boolean;
}

export const verb: CliVerb<ServeArguments> = {
  builder: defineOptions,
  run: (argv, terminal) => serveControl(argv, { terminal, command: readCommand(argv as never) }),
};

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 serve [options] [-- COMMAND...]")
    .options({
      control: {
        type: "string",
        describe: "Where control requests come: unix:///path or tcp://host:port (default: a socket in a new folder)",
      },
      upstream: upstreamFlag,
      "until-stdin-closes": {
        type: "boolean",
        default: false,
        describe: "End when stdin ends, with the program that started whalesong",
      },
    })
    .example("$0 serve --control unix:///tmp/c.sock", "Insert cassettes over HTTP, until Ctrl-C")
    .example("$0 serve -- pytest", "The same for one command, which gets the address in WHALESONG_CONTROL");
}

async function serveControl({ control, upstream, untilStdinCloses }: ServeArguments, options: ServeOptions) {
  const { terminal, command } = options;
  const server = await CassetteServer.start({
    env: process.env,
    upstream: upstream ?? (process.env.WHALESONG_UPSTREAM || undefined),
    resolveUpstream: toUpstream,
    warn: (problem) => printWarning(terminal, problem),
    ...(control === undefined ? {} : { control }),
  });
  const status = await (command.length > 0
    ? serveCommand(server, command)
    : serveUntilEnd(server, options, untilStdinCloses));
  terminal.stderr.write(formatLeftOver(await server.close()));
  return status;
}

async function serveCommand({ url }: CassetteServer, command: readonly string[]): Promise<number> {
  return (await runCommand(command, { ...process.env, WHALESONG_CONTROL: url })).status;
}

async function serveUntilEnd({ url }: CassetteServer, { terminal }: ServeOptions, untilStdinCloses: boolean) {
  const stopping = terminal.waitForStop();
  const { stderr } = terminal;
  stderr.write(`listening on ${url}\n`);
  if (stderr.isTerminal === true) stderr.write(`  export WHALESONG_CONTROL=${url}   (Ctrl-C ends it)\n`);
  terminal.stdout.write(`${url}\n`);
  await Promise.race(untilStdinCloses ? [stopping, waitForStdinEnd()] : [stopping]);
  // An open stdin would keep the process.
  process.stdin.pause();
  return 0;
}

function waitForStdinEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ["end", "close", "error"]) process.stdin.once(event, () => resolve());
    process.stdin.resume();
  });
}

function formatLeftOver(left: readonly InsertionState[]): string {
  const recordings = left.filter(({ mode }) => mode === "record" || mode === "append");
  if (recordings.length === 0) return "";
  const names = recordings.map(({ cassette }) => cassette).join(", ");
  return `whalesong: ${formatCount(recordings.length, "recording")} did not end before the server, and was thrown away: ${names}\n`;
}
