import type { Argv } from "yargs";
import { record as startRecording } from "../../modes/record.ts";
import {
  listenFlag,
  type RuleArguments,
  recordedMockFlags,
  ruleFlags,
  rulesOf,
  type SimulationArguments,
  type TlsArguments,
  tlsFlags,
  tlsOf,
  upstreamFlag,
} from "../flags.ts";
import { type RecordedDaemon, recordedDaemon } from "../recorded-daemon.ts";
import { commandOf, serve, warn } from "../session.ts";
import { recordingSummary } from "../summary.ts";
import type { Verb } from "../verb.ts";

interface RecordArguments extends TlsArguments, RuleArguments, SimulationArguments {
  cassette: string;
  upstream: string | undefined;
  listen: string | undefined;
  mode: "record" | "append";
  exactTiming: boolean;
}

export const verb: Verb<RecordArguments> = {
  builder: (yargs) => builder(yargs) as Argv<RecordArguments>,
  handler: async (argv) => {
    process.exitCode = await recordCassette(argv, commandOf(argv as never));
  },
};

function builder(yargs: Argv): Argv {
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
  const source = await recordedDaemon(argv);
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
    rules: rulesOf(argv),
    ...(listen === undefined ? {} : { listen }),
    ...tlsOf(argv),
    warn,
  });
  const { report, status } = await serve(running, command, argv.tlsCert !== undefined);
  process.stderr.write(recordingSummary(report, cassette));
  return status === 0 && report.problem !== undefined ? 1 : status;
}
