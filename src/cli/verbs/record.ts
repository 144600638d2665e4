import type { Argv } from "yargs";
import { record as startRecording } from "../../modes/record.ts";
import {
  listenFlag,
  type RuleArguments,
  recordedMockFlags,
  ruleFlags,
  type SimulationArguments,
  type TlsArguments,
  tlsFlags,
  toRuleInput,
  toTlsOptions,
  upstreamFlag,
} from "../flags.ts";
import { openRecordedDaemon, type RecordedDaemon } from "../recorded-daemon.ts";
import { readCommand, serve, warn } from "../session.ts";
import { formatRecordingSummary } from "../summary.ts";
import type { CliVerb } from "../verb.ts";

interface RecordArguments extends TlsArguments, RuleArguments, SimulationArguments {
  cassette: string;
  upstream: string | undefined;
  listen: string | undefined;
  mode: "record" | "append";
  exactTiming: boolean;
}

export const verb: CliVerb<RecordArguments> = {
  builder: (yargs) => defineOptions(yargs) as Argv<RecordArguments>,
  handler: async (argv) => {
    process.exitCode = await recordCassette(argv, readCommand(argv as never));
  },
};

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 record CASSETTE [options] [-- COMMAND...]")
    .positional("cassette", { type: "string", demandOption: true, describe: "The YAML file to write" })
    .options({
      upstream: upstreamFlag,
      listen: listenFlag,
      mode: {
        choices: ["record", "append"],
        default: "record",
        describe: "Start over, or play what is known and add what is not",
      },
      "exact-timing": {
        type: "boolean",
        default: false,
        describe: "Keep waits to the millisecond instead of rounding them",
      },
      ...recordedMockFlags,
      ...ruleFlags,
      ...tlsFlags,
    })
    .example("$0 record web.yaml --upstream mock -- npm test", "Record a simulated daemon: no Docker is needed")
    .example("$0 record web.yaml -- docker run --rm alpine echo hello", "Record one command")
    .example("$0 record web.yaml --listen unix:///tmp/w.sock", "Record whoever connects there, until Ctrl-C");
}

/** Returns the exit status: the command's, or 1 where it succeeded and the recording did not. */
export async function recordCassette(argv: RecordArguments, command: readonly string[]): Promise<number> {
  const source = await openRecordedDaemon(argv);
  try {
    return await recordFrom(source, argv, command);
  } finally {
    await source.end();
  }
}

async function recordFrom(
  { upstream }: RecordedDaemon,
  argv: RecordArguments,
  command: readonly string[],
): Promise<number> {
  const { cassette, listen, mode, exactTiming } = argv;
  const running = await startRecording({
    cassette,
    upstream,
    mode,
    exactTiming,
    rules: toRuleInput(argv),
    ...(listen === undefined ? {} : { listen }),
    ...toTlsOptions(argv),
    warn,
  });
  const { report, status } = await serve(running, command, argv.tlsCert !== undefined);
  process.stderr.write(formatRecordingSummary(report, cassette));
  return status === 0 && report.problem !== undefined ? 1 : status;
}
