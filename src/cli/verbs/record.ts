import type { Argv } from "yargs";
import { record as startRecording } from "../../modes/record.ts";
import {
  listenFlag,
  type RecordingArguments,
  recordingFlags,
  type TlsArguments,
  tlsFlags,
  toRuleInput,
  toTlsOptions,
} from "../flags.ts";
import { openRecordedDaemon, type RecordedDaemon } from "../recorded-daemon.ts";
import { readCommand, type ServeOptions, serve } from "../session.ts";
import { formatRecordingSummary } from "../summary.ts";
import { printWarning } from "../terminal.ts";
import type { CliVerb } from "../verb.ts";

interface RecordArguments extends TlsArguments, RecordingArguments {
  readonly listen: string | undefined;
  readonly mode: "record" | "append";
  readonly exactTiming: boolean;
}

export const verb: CliVerb<RecordArguments> = {
  builder: defineOptions,
  run: (argv, terminal) => recordCassette(argv, { terminal, command: readCommand(argv as never) }),
};

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 record CASSETTE [options] [-- COMMAND...]")
    .positional("cassette", { type: "string", demandOption: true, describe: "The YAML file to write" })
    .options({
      listen: listenFlag,
      mode: {
        choices: ["record", "append"],
        default: "record",
        describe: "record: start over. append: play what is recorded and add the rest",
      },
      "exact-timing": {
        type: "boolean",
        default: false,
        describe: "Keep waits to the millisecond instead of rounding them",
      },
      ...recordingFlags,
      ...tlsFlags,
    })
    .example("$0 record web.yaml --upstream mock -- npm test", "Record a simulated daemon, without Docker")
    .example("$0 record web.yaml -- docker run --rm alpine echo hello", "Record one command")
    .example("$0 record web.yaml --listen unix:///tmp/w.sock", "Record all clients that connect there, until Ctrl-C");
}

/** Returns the exit status: the command's, or 1 if the command succeeded and the recording did not. */
export async function recordCassette(argv: RecordArguments, options: ServeOptions): Promise<number> {
  const source = await openRecordedDaemon(argv, options.terminal);
  try {
    return await recordFrom(source, argv, options);
  } finally {
    await source.end();
  }
}

async function recordFrom(
  { upstream }: RecordedDaemon,
  argv: RecordArguments,
  { terminal, command }: ServeOptions,
): Promise<number> {
  const { cassette, listen, mode, exactTiming } = argv;
  const server = await startRecording({
    cassette,
    upstream,
    mode,
    exactTiming,
    rules: toRuleInput(argv),
    ...(listen === undefined ? {} : { listen }),
    ...toTlsOptions(argv),
    warn: (problem) => printWarning(terminal, problem),
  });
  const { report, status } = await serve(server, { terminal, command, isTls: argv.tlsCert !== undefined });
  terminal.stderr.write(formatRecordingSummary(report, cassette));
  return status === 0 && report.problem !== undefined ? 1 : status;
}
