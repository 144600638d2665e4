import { existsSync } from "node:fs";
import type { Argv } from "yargs";
import { UsageError } from "../../base/errors.ts";
import { runCommand } from "../../io/run-command.ts";
import { MODES, type Mode, resolveMode } from "../../modes/mode.ts";
import {
  portsFlag,
  type RuleArguments,
  recordedMockFlags,
  ruleFlags,
  type SimulationArguments,
  upstreamFlag,
} from "../flags.ts";
import { readCommand } from "../session.ts";
import type { CliVerb } from "../verb.ts";
import { recordCassette } from "./record.ts";
import { replayCommand } from "./replay.ts";

interface RunArguments extends RuleArguments, SimulationArguments {
  cassette: string;
  mode: Mode;
  upstream: string | undefined;
  tempo: string;
  ports: boolean;
}

export const verb: CliVerb<RunArguments> = {
  builder: (yargs) => defineOptions(yargs) as Argv<RunArguments>,
  handler: async (argv) => {
    process.exitCode = await runInMode(argv, readCommand(argv as never));
  },
};

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 run CASSETTE [options] -- COMMAND...")
    .positional("cassette", { type: "string", demandOption: true, describe: "The YAML file to play, or to write" })
    .options({
      mode: {
        choices: MODES,
        default: "once",
        describe: "once: record if there is no cassette, else replay. VCR's other names are known too",
      },
      upstream: upstreamFlag,
      tempo: { type: "string", default: "none", describe: "How recorded waits are kept when replaying" },
      ports: portsFlag,
      ...recordedMockFlags,
      ...ruleFlags,
    })
    .example("$0 run web.yaml -- npm test", "The first time against the daemon, from then on without");
}

async function runInMode(argv: RunArguments, command: readonly string[]): Promise<number> {
  if (command.length === 0) {
    throw new UsageError("WHALESONG_NO_COMMAND", "run needs a command: whalesong run CASSETTE -- COMMAND...");
  }
  const { cassette, upstream } = argv;
  const recording = { ...argv, upstream, listen: undefined, exactTiming: false };
  switch (resolveMode(argv.mode, existsSync(cassette))) {
    case "record":
      return recordCassette({ ...recording, mode: "record" }, command);
    case "append":
      return recordCassette({ ...recording, mode: "append" }, command);
    case "passthrough":
      return (await runCommand(command, process.env)).status;
    default:
      return replayCommand({ ...REPLAY_DEFAULTS, ...argv, upstream: undefined, cassettes: [cassette] }, command);
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
