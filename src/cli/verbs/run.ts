import { existsSync } from "node:fs";
import type { Argv } from "yargs";
import { UsageError } from "../../base/errors.ts";
import { runCommand } from "../../io/run-command.ts";
import { MODES, type Mode, resolveMode } from "../../modes/mode.ts";
import { portsFlag, type RecordingArguments, recordingFlags } from "../flags.ts";
import { readCommand, type ServeOptions } from "../session.ts";
import type { CliVerb } from "../verb.ts";
import { recordCassette } from "./record.ts";
import { replayCommand } from "./replay.ts";

interface RunArguments extends RecordingArguments {
  readonly mode: Mode;
  readonly tempo: string;
  readonly ports: boolean;
}

export const verb: CliVerb<RunArguments> = {
  builder: defineOptions,
  run: (argv, terminal) => runInMode(argv, { terminal, command: readCommand(argv as never) }),
};

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 run CASSETTE [options] -- COMMAND...")
    .positional("cassette", { type: "string", demandOption: true, describe: "The YAML file to play, or to write" })
    .options({
      mode: {
        choices: MODES,
        default: "once",
        describe: "once: record if there is no cassette, otherwise replay. VCR's other names work, too",
      },
      tempo: {
        type: "string",
        default: "none",
        describe: "How recorded waits are replayed: none, recorded, or a speed like 2x",
      },
      ports: portsFlag,
      ...recordingFlags,
    })
    .example("$0 run web.yaml -- npm test", "The first time with the daemon, from then on without");
}

async function runInMode(argv: RunArguments, options: ServeOptions): Promise<number> {
  const { command } = options;
  if (command.length === 0) {
    throw new UsageError("WHALESONG_NO_COMMAND", "run needs a command: whalesong run CASSETTE -- COMMAND...");
  }
  const { cassette, upstream } = argv;
  const recording = { ...argv, upstream, listen: undefined, exactTiming: false };
  switch (resolveMode(argv.mode, existsSync(cassette))) {
    case "record":
      return recordCassette({ ...recording, mode: "record" }, options);
    case "append":
      return recordCassette({ ...recording, mode: "append" }, options);
    case "passthrough":
      return (await runCommand(command, process.env)).status;
    default:
      return replayCommand({ ...REPLAY_DEFAULTS, ...argv, upstream: undefined, cassettes: [cassette] }, options);
  }
}

const REPLAY_DEFAULTS = {
  listen: undefined,
  upstream: undefined,
  maxWait: undefined,
  strict: false,
  perConnection: false,
  onMiss: "fail",
  report: "text",
  failOnUnplayed: false,
  failOnMiss: false,
} as const;
