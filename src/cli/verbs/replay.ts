import type { Argv, Options } from "yargs";
import { parseDuration } from "../../base/duration.ts";
import { walkCassette } from "../../io/disk/read-cassette.ts";
import { toDottedField } from "../../match/rules/dotted-field.ts";
import { findIdleRules } from "../../modes/find-idle-rules.ts";
import { type ReplayOptions, replayCassettes } from "../../modes/replay.ts";
import { parseTempo } from "../../replay/play/tempo.ts";
import { formatReport, type ReplayReport } from "../../replay/report.ts";
import {
  failOnUnusedFaultsFlag,
  faultFlags,
  keepEmptyFlag,
  keepFailedFlag,
  listenFlag,
  nowFlag,
  portsFlag,
  type RuleArguments,
  ruleFlags,
  type SimulationArguments,
  stateFlag,
  toFaultOptions,
  toRuleInput,
  toSimulationOptions,
  toUpstream,
  upstreamFlag,
} from "../flags.ts";
import { formatRecordLine } from "../record-lines.ts";
import { formatReplayJunit } from "../report-junit.ts";
import { prepareReport, type ReportArguments, reportFlags, writeReport } from "../report-output.ts";
import { readCommand, type ServeOptions, serve } from "../session.ts";
import { formatReplaySummary } from "../summary.ts";
import { printWarning } from "../terminal.ts";
import { type TlsArguments, tlsFlags, toTlsOptions } from "../tls-flags.ts";
import type { CliVerb } from "../verb.ts";
import type { RecordingPolicy } from "./record.ts";

interface ReplayArguments extends TlsArguments, RuleArguments, SimulationArguments, ReportArguments {
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
  failOnUnusedFaults: boolean;
  failOnMiss: boolean;
  allowMisses: boolean;
  keepEmpty: boolean;
  keepFailed: boolean;
}

/** Also those of `run`. */
export const replayFlags: Readonly<Record<string, Options>> = {
  listen: listenFlag,
  tempo: {
    type: "string",
    default: "none",
    describe: "Speed of recorded pauses: none, recorded, or a factor like 2x",
  },
  "max-wait": { type: "string", describe: "Shorten longer waits to this, e.g. 200ms" },
  strict: {
    type: "boolean",
    default: false,
    describe: "Treat a read that was not recorded at this point of history as a miss",
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
    describe: "For requests not in the recording: fail, ask the real daemon, ask it and record, or simulate",
  },
  upstream: { ...upstreamFlag, describe: "With --on-miss passthrough or record: the daemon to ask" },
  ...faultFlags,
  state: { ...stateFlag, describe: "With --on-miss mock: its initial state, a YAML file" },
  now: { ...nowFlag, describe: "With --on-miss mock: start its clock at this time; only events advance it" },
  ...reportFlags,
  "keep-empty": {
    ...keepEmptyFlag,
    describe: "With --on-miss record: write the cassette even if nothing was recorded",
  },
  "keep-failed": {
    ...keepFailedFlag,
    describe: "With --on-miss record: add to the cassette even if the command failed",
  },
  "fail-on-unplayed": {
    type: "boolean",
    default: false,
    describe: "Exit with 1 if a recorded exchange was never requested",
  },
  "fail-on-unused-faults": failOnUnusedFaultsFlag,
  "allow-misses": {
    type: "boolean",
    default: false,
    describe: "Do not exit with 1 because a request was not recorded, or a client sent other input",
  },
  "fail-on-miss": {
    type: "boolean",
    default: true,
    describe: "Exit with 1 if a request was not recorded; --no-fail-on-miss is --allow-misses",
  },
  ...tlsFlags,
};

export const verb: CliVerb<ReplayArguments> = {
  builder: defineOptions,
  flags: replayFlags,
  run: (argv, terminal) => replayOrAppend(argv, { terminal, command: readCommand(argv as never) }),
};

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 replay CASSETTE... [options] [-- COMMAND...]")
    .positional("cassettes", {
      type: "string",
      array: true,
      demandOption: true,
      describe: "The cassettes, searched in this order",
    })
    .options(replayFlags)
    .example("$0 replay web.yaml -- docker run --rm alpine echo hello", "Replay one command, without a daemon")
    .example("$0 replay web.yaml --listen unix:///tmp/w.sock", "Serve all clients that connect there, until Ctrl-C");
}

/** Replays, or with `--on-miss record` appends. Returns the exit status. */
export async function replayOrAppend(argv: ReplayArguments & RecordingPolicy, options: ServeOptions): Promise<number> {
  if (argv.onMiss !== "record") return replayCommand(argv, options);
  const [cassette = ""] = argv.cassettes;
  const recording = {
    contexts: "files",
    redact: [],
    allowSecret: [],
    ...argv,
    cassette,
    mode: "append",
    exactTiming: false,
  } as const;
  const { recordCassette } = await import("./record.ts");
  return recordCassette(recording, options);
}

/** Returns the exit status: the command's, or 1 if the command succeeded and the replay did not. */
async function replayCommand(argv: ReplayArguments, { terminal, command }: ServeOptions): Promise<number> {
  const { cassettes, listen, tempo, maxWait, strict } = argv;
  prepareReport(argv);
  const ignored = new Set<string>();
  const { tls } = toTlsOptions(argv);
  const server = await replayCassettes({
    cassettes,
    tempo: parseTempo(tempo, maxWait === undefined ? undefined : parseDuration(maxWait, "--max-wait")),
    isStrict: strict,
    isPerConnection: argv.perConnection,
    answersPorts: argv.ports,
    rules: { ...toRuleInput(argv), onIgnored: (field) => ignored.add(field) },
    ...toFaultOptions(argv),
    ...toMissOptions(argv),
    ...(command.length === 0 ? {} : formatRecordLines(argv, command)),
    ...(listen === undefined ? {} : { listen }),
    ...(tls === undefined ? {} : { tls }),
    warn: (problem) => printWarning(terminal, problem),
  });
  const { report, status, hasStarted } = await serve(server, { terminal, command, tls });
  for (const warning of await listIdleRules(argv, ignored)) printWarning(terminal, warning);
  // A fault may have answered what came.
  const awaitsRequests = command.length > 0 && hasStarted && argv.faults === undefined;
  writeReport(terminal, argv, {
    // Of 100,000 unplayed exchanges each takes a while, and one or two are written.
    get text() {
      return formatReplaySummary(report, cassettes, awaitsRequests);
    },
    get json() {
      return formatReport(report);
    },
    get junit() {
      return formatReplayJunit(report, cassettes, argv);
    },
  });
  return status === 0 && hasFailed(report, argv) ? 1 : status;
}

/** Rules of the command line that matched nothing: a misspelled one would not say so. */
async function listIdleRules(argv: ReplayArguments, ignored: ReadonlySet<string>): Promise<readonly string[]> {
  const { cassettes, ignore, bind } = argv;
  const open = ignore.filter((field) => !ignored.has(toDottedField(field)));
  // A header that only clients send is a miss.
  const match = argv.match.map((name) => `headers.${name}`);
  if (open.length + bind.length + match.length === 0) return [];
  const idle = await findIdleFields(cassettes, [...open, ...bind, ...match]);
  const format = (flag: string) => (field: string) => `${flag} ${field} matched nothing: no request has this part`;
  return [
    ...open.filter((field) => idle.has(field)).map(format("--ignore")),
    ...bind.filter((field) => idle.has(field)).map(format("--bind")),
    ...argv.match
      .filter((name) => idle.has(`headers.${name}`))
      .map((name) => `--match ${name} matched nothing: no recorded request has this header`),
  ];
}

/** The cassettes are walked one after the other: none is held whole, as the replay may hold it still. */
async function findIdleFields(cassettes: readonly string[], fields: readonly string[]): Promise<ReadonlySet<string>> {
  let idle = fields;
  for (const path of cassettes) {
    if (idle.length === 0) break;
    const open = idle;
    idle = await walkCassette(path, async (walk) => findIdleRules(walk, open));
  }
  return new Set(idle);
}

/** What records a request that is missing, for the text of its miss. */
function formatRecordLines(daemon: ReplayArguments, command: readonly string[]) {
  const [cassette = ""] = daemon.cassettes;
  return {
    recordCommand: formatRecordLine(["run", "--mode", "append"], cassette, { command, daemon }),
    recordAnewCommand: formatRecordLine(["record"], cassette, { command, daemon }),
  };
}

function toMissOptions(argv: ReplayArguments): Pick<ReplayOptions, "onMiss"> {
  if (argv.onMiss === "passthrough") return { onMiss: { passTo: toUpstream(argv.upstream) } };
  return argv.onMiss === "mock" ? { onMiss: { mock: toSimulationOptions(argv) } } : {};
}

function hasFailed(report: ReplayReport, argv: ReplayArguments): boolean {
  const { allowMisses, failOnMiss, failOnUnplayed, failOnUnusedFaults } = argv;
  const isMissed = report.missed.length > 0 || report.differing.length > 0;
  return (
    report.problems.length > 0 ||
    (isMissed && failOnMiss && !allowMisses) ||
    (failOnUnplayed && report.unplayed.length > 0) ||
    (failOnUnusedFaults && (report.unusedFaults ?? []).length > 0)
  );
}
