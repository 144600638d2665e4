import type { Argv, Options } from "yargs";
import { formatShellLine } from "../../base/shell-words.ts";
import { measureSidecars } from "../../io/disk/measure-sidecars.ts";
import type { CommandResult } from "../../io/run-command.ts";
import { record as startRecording } from "../../modes/record.ts";
import {
  freshFlag,
  keepEmptyFlag,
  listenFlag,
  type RecordingArguments,
  recordingFlags,
  type TlsArguments,
  tlsFlags,
  toRuleInput,
  toTlsOptions,
} from "../flags.ts";
import { openRecordedDaemon, type RecordedDaemon } from "../recorded-daemon.ts";
import { formatRecordingJunit } from "../report-junit.ts";
import { type ReportArguments, writeReport } from "../report-output.ts";
import { readCommand, type ServeOptions, serve } from "../session.ts";
import { formatRecordingReport, formatRecordingSummary } from "../summary.ts";
import { printWarning } from "../terminal.ts";
import type { CliVerb } from "../verb.ts";

interface RecordArguments extends TlsArguments, RecordingArguments {
  readonly listen: string | undefined;
  readonly mode: "record" | "append";
  readonly exactTiming: boolean;
  readonly fresh?: boolean;
  readonly keepEmpty: boolean;
}

/** How `run` records: as `record`, but only what a command did that succeeded. */
interface RecordSettings extends RecordArguments, Partial<ReportArguments> {
  /** @default true */
  readonly keepFailed?: boolean;
  /** The name that the summary gives to a cassette which does not stay where it is recorded. @default its path */
  readonly shownAs?: string;
}

const recordFlags: Readonly<Record<string, Options>> = {
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
  fresh: freshFlag,
  "keep-empty": keepEmptyFlag,
  ...recordingFlags,
  ...tlsFlags,
};

export const verb: CliVerb<RecordArguments> = {
  builder: defineOptions,
  flags: recordFlags,
  run: (argv, terminal) => recordCassette(argv, { terminal, command: readCommand(argv as never) }),
};

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 record CASSETTE [options] [-- COMMAND...]")
    .positional("cassette", { type: "string", demandOption: true, describe: "The YAML file to write" })
    .options(recordFlags)
    .example("$0 record web.yaml --upstream mock -- npm test", "Record a simulated daemon, without Docker")
    .example("$0 record web.yaml -- docker run --rm alpine echo hello", "Record one command")
    .example("$0 record web.yaml --listen unix:///tmp/w.sock", "Record all clients that connect there, until Ctrl-C");
}

/** Returns the exit status: the command's, or 1 if the command succeeded and the recording did not. */
export async function recordCassette(argv: RecordSettings, options: ServeOptions): Promise<number> {
  const source = await openRecordedDaemon(argv, options.terminal);
  try {
    return await recordFrom(source, argv, options);
  } finally {
    await source.end();
  }
}

async function recordFrom(
  { upstream }: RecordedDaemon,
  argv: RecordSettings,
  { terminal, command }: ServeOptions,
): Promise<number> {
  const { cassette, listen, mode, exactTiming, fresh = false, contexts } = argv;
  const server = await startRecording({
    cassette,
    upstream,
    mode,
    exactTiming,
    fresh,
    empty: argv.keepEmpty ? "keep" : "refuse",
    contexts,
    rules: toRuleInput(argv),
    redact: argv.redact,
    allowSecrets: argv.allowSecret,
    ...(listen === undefined ? {} : { listen }),
    ...toTlsOptions(argv),
    warn: (problem) => printWarning(terminal, problem),
  });
  const serving = { terminal, command, isTls: argv.tlsCert !== undefined };
  const { report, ...result } = await serve(server, serving, (ended) =>
    explainDiscard(ended, argv) === undefined ? server.stop() : server.discard(),
  );
  const canReplay = argv.keepFailed === undefined && argv.shownAs === undefined;
  writeReport(terminal, argv, {
    text: formatRecordingSummary(report, {
      cassette: argv.shownAs ?? cassette,
      sidecars: measureSidecars(cassette),
      reason: explainDiscard(result, argv),
      replayLine: canReplay ? formatReplayLine(cassette, command) : undefined,
    }),
    json: formatRecordingReport(report),
    junit: formatRecordingJunit(report, argv.shownAs ?? cassette),
  });
  return result.status === 0 && report.problem !== undefined ? 1 : result.status;
}

function formatReplayLine(cassette: string, command: readonly string[]): string {
  return formatShellLine(["whalesong", "replay", cassette, ...(command.length > 0 ? ["--", ...command] : [])]);
}

/** Why the recording is thrown away, whatever it is; undefined if it is not. */
function explainDiscard(
  { status, hasStarted }: CommandResult,
  { keepFailed = true }: RecordSettings,
): string | undefined {
  if (!hasStarted) return "the command did not start";
  return status === 0 || keepFailed ? undefined : `the command ended with ${status}; --keep-failed keeps its recording`;
}
