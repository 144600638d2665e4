import type { Argv, Options } from "yargs";
import { UsageError } from "../../base/errors.ts";
import { readCassette } from "../../io/disk/read-cassette.ts";
import { runCommand } from "../../io/run-command.ts";
import { chooseMode } from "../../modes/choose-mode.ts";
import { explainMissingCassette } from "../../modes/explain-missing-cassette.ts";
import { MODES, type Mode, type ResolvedMode } from "../../modes/mode.ts";
import { createUnfinishedError, isUnfinishedFile } from "../../modes/unfinished-cassette.ts";
import {
  faultFlags,
  freshFlag,
  keepEmptyFlag,
  keepFailedFlag,
  nowFlag,
  type RecordingArguments,
  recordingFlags,
  stateFlag,
} from "../flags.ts";
import { formatRecordLine } from "../record-lines.ts";
import { readCommand, type ServeOptions } from "../session.ts";
import { printWarning } from "../terminal.ts";
import type { CliVerb } from "../verb.ts";
import type { RecordingPolicy } from "./record.ts";
import { replayFlags, replayOrAppend } from "./replay.ts";

type ReplayArguments = Parameters<typeof replayOrAppend>[0];

interface RunArguments extends RecordingArguments, Omit<ReplayArguments, "cassettes" | keyof RecordingArguments> {
  readonly mode: Mode | undefined;
  readonly exactTiming: boolean;
  readonly fresh: boolean;
  readonly keepFailed: boolean;
}

/** Only what a command did that succeeded is kept. */
const RECORDING: RecordingPolicy = { failed: "discard", replaysItself: true };

const runFlags: Readonly<Record<string, Options>> = {
  mode: {
    choices: MODES,
    describe:
      "once: record if there is no cassette, otherwise replay. VCR's other names work, too (default: WHALESONG_MODE, else replay if CI is set, else once)",
  },
  "exact-timing": {
    type: "boolean",
    default: false,
    describe: "Keep waits to the millisecond instead of rounding them",
  },
  fresh: freshFlag,
  ...replayFlags,
  "keep-failed": { ...keepFailedFlag, describe: "Write the recording of a command that failed, too" },
  ...recordingFlags,
  seed: faultFlags.seed,
  "keep-empty": keepEmptyFlag,
  state: { ...stateFlag, describe: "Initial state of a simulated daemon, a YAML file" },
  now: { ...nowFlag, describe: "Start the clock of a simulated daemon at this time" },
};

export const verb: CliVerb<RunArguments> = {
  builder: defineOptions,
  flags: runFlags,
  run: (argv, terminal) => runInMode(argv, { terminal, command: readCommand(argv as never) }),
};

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 run CASSETTE [options] -- COMMAND...")
    .positional("cassette", { type: "string", demandOption: true, describe: "The YAML file to play, or to write" })
    .options(runFlags)
    .example("$0 run web.yaml -- npm test", "The first time with the daemon, from then on without");
}

async function runInMode(argv: RunArguments, options: ServeOptions): Promise<number> {
  const { command } = options;
  if (command.length === 0) {
    throw new UsageError("WHALESONG_NO_COMMAND", "run needs a command: whalesong run CASSETTE -- COMMAND...");
  }
  const recordLine = formatRecordLine(["run", "--mode", "record"], argv.cassette, { command, daemon: argv });
  const mode = chooseMode(argv.mode, argv.cassette, process.env, recordLine);
  if (argv.faults !== undefined && mode !== "replay") warnOfIdleFaults(options, mode);
  switch (mode) {
    case "record":
    case "append":
      return recordFirst(argv, mode, options);
    case "passthrough":
      return (await runCommand(command, process.env)).status;
    default:
      refuseUnfinished(argv, command);
      return replayOrAppend({ ...argv, ...RECORDING, cassettes: [argv.cassette] }, options);
  }
}

async function recordFirst(argv: RunArguments, mode: "record" | "append", options: ServeOptions): Promise<number> {
  const { recordCassette } = await import("./record.ts");
  const where = { path: argv.cassette, named: argv.mode, env: process.env };
  return explainMissingCassette(where, () => recordCassette({ ...argv, mode, ...RECORDING }, options));
}

/** A live daemon answers, so that nothing of what the faults say is tested. */
function warnOfIdleFaults({ terminal }: ServeOptions, mode: ResolvedMode): void {
  printWarning(terminal, `--faults applies to replays only, and this is a run in mode \`${mode}\`: nothing is broken`);
}

/** A suite may be green on half of a recording. */
function refuseUnfinished(argv: RunArguments, command: readonly string[]): void {
  const { cassette, onMiss } = argv;
  if (onMiss !== "fail" || !isUnfinishedFile(cassette)) return;
  const line = formatRecordLine(["run", "--mode", "record"], cassette, { command, daemon: argv });
  throw createUnfinishedError(cassette, readCassette(cassette), line);
}
