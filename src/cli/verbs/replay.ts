import type { Argv } from "yargs";
import { parseDuration } from "../../base/duration.ts";
import { replayCassettes } from "../../modes/replay.ts";
import { parseTempo } from "../../replay/play/tempo.ts";
import { formatReport, type ReplayReport } from "../../replay/report.ts";
import {
  faultFlags,
  listenFlag,
  nowFlag,
  portsFlag,
  type RuleArguments,
  ruleFlags,
  type SimulationArguments,
  stateFlag,
  type TlsArguments,
  tlsFlags,
  toFaultOptions,
  toRuleInput,
  toSimulationOptions,
  toTlsOptions,
  toUpstream,
  upstreamFlag,
} from "../flags.ts";
import { readCommand, serve, warn } from "../session.ts";
import { formatReplaySummary } from "../summary.ts";
import type { CliVerb } from "../verb.ts";
import { recordCassette } from "./record.ts";

interface ReplayArguments extends TlsArguments, RuleArguments, SimulationArguments {
  cassettes: string[];
  listen: string | undefined;
  upstream: string | undefined;
  tempo: string;
  maxWait: string | undefined;
  strict: boolean;
  perConnection: boolean;
  ports: boolean;
  onMiss: "fail" | "passthrough" | "record" | "mock";
  failOnUnplayed: boolean;
  failOnMiss: boolean;
  report: "text" | "json";
}

export const verb: CliVerb<ReplayArguments> = {
  builder: (yargs) => defineOptions(yargs) as unknown as Argv<ReplayArguments>,
  handler: async (argv) => {
    process.exitCode = await replayOrAppend(argv, readCommand(argv as never));
  },
};

const OPTIONS = {
  listen: listenFlag,
  tempo: {
    type: "string",
    default: "none",
    describe: "How recorded waits are kept: none, recorded, or a speed like 2x",
  },
  "max-wait": { type: "string", describe: "No wait is longer than this, e.g. 200ms" },
  strict: {
    type: "boolean",
    default: false,
    describe: "A read that was not recorded at this point of history is a miss",
  },
  ports: portsFlag,
  "per-connection": {
    type: "boolean",
    default: false,
    describe: "Let every connection play the cassettes from the start",
  },
  ...ruleFlags,
  "on-miss": {
    choices: ["fail", "passthrough", "record", "mock"],
    default: "fail",
    describe:
      "What becomes of a request that is not recorded: an error, a live answer, one that is recorded, a simulated one",
  },
  upstream: { ...upstreamFlag, describe: "With --on-miss passthrough or record: the daemon to ask" },
  ...faultFlags,
  state: { ...stateFlag, describe: "With --on-miss mock: what the simulated daemon has from the start, a YAML file" },
  now: { ...nowFlag, describe: "With --on-miss mock: start at this time, and let only what happens move it" },
  report: {
    choices: ["text", "json"],
    default: "text",
    describe: "How the summary is written to stderr: for people, or one JSON document for programs",
  },
  "fail-on-unplayed": {
    type: "boolean",
    default: false,
    describe: "Exit with 1 if something recorded was never asked for",
  },
  "fail-on-miss": {
    type: "boolean",
    default: false,
    describe: "Exit with 1 if something was asked for that is not recorded",
  },
  ...tlsFlags,
} as const;

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 replay CASSETTE... [options] [-- COMMAND...]")
    .positional("cassettes", {
      type: "string",
      array: true,
      demandOption: true,
      describe: "The cassettes, searched in this order",
    })
    .options(OPTIONS)
    .example("$0 replay web.yaml -- docker run --rm alpine echo hello", "Replay one command, without a daemon")
    .example("$0 replay web.yaml --listen unix:///tmp/w.sock", "Serve whoever connects there, until Ctrl-C");
}

async function replayOrAppend(argv: ReplayArguments, command: readonly string[]): Promise<number> {
  if (argv.onMiss !== "record") return replayCommand(argv, command);
  const [cassette = ""] = argv.cassettes;
  return recordCassette({ ...argv, cassette, mode: "append", exactTiming: false }, command);
}

/** Returns the exit status: the command's, or 1 where it succeeded and the replay did not. */
export async function replayCommand(argv: ReplayArguments, command: readonly string[]): Promise<number> {
  const { cassettes, listen, tempo, maxWait, strict, onMiss, upstream } = argv;
  const running = await replayCassettes({
    cassettes,
    tempo: parseTempo(tempo, maxWait === undefined ? undefined : parseDuration(maxWait, "--max-wait")),
    isStrict: strict,
    isPerConnection: argv.perConnection,
    answersPorts: argv.ports,
    rules: toRuleInput(argv),
    ...toFaultOptions(argv),
    ...(onMiss === "passthrough" ? { onMiss: { passTo: toUpstream(upstream) } } : {}),
    ...(onMiss === "mock" ? { onMiss: { mock: toSimulationOptions(argv) } } : {}),
    ...(listen === undefined ? {} : { listen }),
    ...toTlsOptions(argv),
    warn,
  });
  const { report, status } = await serve(running, command, argv.tlsCert !== undefined);
  process.stderr.write(argv.report === "json" ? formatReport(report) : formatReplaySummary(report, cassettes));
  return status === 0 && hasFailed(report, argv) ? 1 : status;
}

function hasFailed(report: ReplayReport, { failOnMiss, failOnUnplayed }: ReplayArguments): boolean {
  const isMissed = report.missed.length > 0 || report.differing.length > 0;
  return report.problems.length > 0 || (failOnMiss && isMissed) || (failOnUnplayed && report.unplayed.length > 0);
}
