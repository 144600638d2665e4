import type { Argv, Options } from "yargs";
import { spellAsFlags } from "../../base/spell-option.ts";
import { measureSidecars } from "../../io/disk/measure-sidecars.ts";
import type { CommandResult } from "../../io/run-command.ts";
import { recordFor } from "../../modes/record.ts";
import type { DiscardableServer } from "../../modes/service.ts";
import type { RecordingReport } from "../../record/write/tape.ts";
import { formatMaskedLine } from "../../secrets/mask-command.ts";
import {
  freshFlag,
  keepEmptyFlag,
  keepFailedFlag,
  listenFlag,
  type RecordingArguments,
  recordingFlags,
  toRuleInput,
} from "../flags.ts";
import { openRecordedDaemon, type RecordedDaemon } from "../recorded-daemon.ts";
import { formatRecordingJunit } from "../report-junit.ts";
import { prepareReport, type ReportArguments, writeReport } from "../report-output.ts";
import { readCommand, type ServeOptions, serve } from "../session.ts";
import { formatRecordingReport, formatRecordingSummary } from "../summary.ts";
import { printWarning } from "../terminal.ts";
import { type TlsArguments, tlsFlags, toTlsOptions } from "../tls-flags.ts";
import type { CliVerb } from "../verb.ts";
import { warnOfSecrets } from "../warn-of-secrets.ts";

interface RecordArguments extends TlsArguments, RecordingArguments {
  readonly listen: string | undefined;
  readonly mode: "record" | "append";
  readonly exactTiming: boolean;
  readonly fresh?: boolean;
  readonly keepEmpty: boolean;
  /** Whether the recording of a command that failed becomes the cassette in any case. @default false */
  readonly keepFailed?: boolean;
}

/** How recordings of `record`, `replay`, `run` and `bundle` differ. */
export interface RecordingPolicy {
  /**
   * What becomes of the recording of a command that failed: `discard` throws it away, `set-aside` keeps it beside a
   * cassette that has exchanges. @default "set-aside"
   */
  readonly failed?: "discard" | "set-aside";
  /** Whether the line that replays is left out: the next run replays by itself. @default false */
  readonly replaysItself?: boolean;
}

interface RecordSettings extends RecordArguments, RecordingPolicy, Partial<ReportArguments> {
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
  "keep-failed": keepFailedFlag,
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
  prepareReport(argv);
  const { tls } = toTlsOptions(argv);
  const server = await recordFor(spellAsFlags, {
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
    ...(tls === undefined ? {} : { tls }),
    warn: (problem) => printWarning(terminal, problem),
  });
  const serving = { terminal, command, tls };
  const { report, ...result } = await serve(server, serving, (ended) => endServer(server, decideFate(ended, argv)));
  const canReplay = argv.replaysItself !== true && argv.shownAs === undefined;
  writeReport(terminal, argv, {
    text: formatRecordingSummary(report, {
      cassette: argv.shownAs ?? cassette,
      sidecars: measureSidecars(cassette),
      reason: explainFate(result, argv),
      replayLine: canReplay ? formatReplayLine(argv, command) : undefined,
    }),
    json: formatRecordingReport(report),
    junit: formatRecordingJunit(report, argv.shownAs ?? cassette),
  });
  // Of a bundle's cassette, the bundle says it.
  if (report.isKept && report.exchanges > 0 && argv.shownAs === undefined)
    await warnOfSecrets(terminal, cassette, argv.allowSecret);
  return result.status === 0 && report.problem !== undefined ? 1 : result.status;
}

function formatReplayLine({ cassette, redact }: RecordSettings, command: readonly string[]): string {
  const words = ["whalesong", "replay", cassette, ...(command.length > 0 ? ["--"] : [])];
  return formatMaskedLine(words, command, { rules: redact });
}

/** What becomes of a recording, whatever is in it. */
type RecordingFate = "keep" | "discard" | "set-aside";

function decideFate(
  { status, hasStarted }: CommandResult,
  { keepFailed = false, failed = "set-aside" }: RecordSettings,
): RecordingFate {
  if (!hasStarted) return "discard";
  return status === 0 || keepFailed ? "keep" : failed;
}

function endServer(server: DiscardableServer<RecordingReport>, fate: RecordingFate): Promise<RecordingReport> {
  if (fate === "keep") return server.stop();
  return fate === "discard" ? server.discard() : server.setAside();
}

/** Why the cassette is as it was, if it is; undefined where the recording replaces it in any case. */
function explainFate(result: CommandResult, argv: RecordSettings): string | undefined {
  const fate = decideFate(result, argv);
  if (fate === "keep") return undefined;
  if (!result.hasStarted) return "the command did not start";
  const remedy = fate === "discard" ? "--keep-failed keeps its recording" : "with --keep-failed it would replace it";
  return `the command ended with ${result.status}; ${remedy}`;
}
