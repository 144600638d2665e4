import type { Argv } from "yargs";
import { escapeToLine } from "../../base/printable.ts";
import { formatShellLine } from "../../base/shell-words.ts";
import type { DriftGrade } from "../../compare/grade-differences.ts";
import { type OutputKind, prepareOutputFile, REPORT, writeOutputFile } from "../../io/disk/output-file.ts";
import { createAddressError } from "../../io/upstream/upstream.ts";
import { prepareVerification, type Verification } from "../../modes/verify.ts";
import {
  formatVerification,
  formatVerificationJunit,
  formatVerificationRecord,
  hasFailed,
  type VerificationResult,
} from "../../view/verification.ts";
import { MOCK_UPSTREAM } from "../flag-values.ts";
import { toUpstream, upstreamFlag } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import type { CliVerb } from "../verb.ts";

interface VerifyArguments {
  cassette: string;
  upstream: string | undefined;
  allowChanges: boolean;
  touchExisting: boolean;
  readOnly: boolean;
  failOn: DriftGrade;
  report: ReportFormat;
  reportFile: string | undefined;
}

type ReportFormat = "text" | "json" | "junit";

const FORMATS: Readonly<Record<ReportFormat, (result: VerificationResult) => string>> = {
  text: formatVerification,
  json: formatVerificationRecord,
  junit: formatVerificationJunit,
};
/** A report for people is a text. */
const VERIFICATION: OutputKind = { ...REPORT, name: "a report", endings: /\.(?:json|xml|txt|log)$/i };
const SHOWN = 20;
const DEFAULT_FAIL_ON: DriftGrade = "error";
const DEFAULT_REPORT: ReportFormat = "text";

export const verb: CliVerb<VerifyArguments> = {
  builder: defineOptions,
  run: verifyCassette,
};

function defineOptions(yargs: Argv): Argv {
  return yargs
    .usage("$0 verify CASSETTE [options]")
    .positional("cassette", { type: "string", demandOption: true, describe: "The recording to verify" })
    .options({
      upstream: {
        ...upstreamFlag,
        describe: "The daemon to ask: unix://, tcp:// or ssh:// (default: the one that docker uses)",
      },
      "allow-changes": {
        type: "boolean",
        default: false,
        describe: "Send what changes something, too: under names of its own, and all that it makes is removed",
      },
      "touch-existing": {
        type: "boolean",
        default: false,
        describe:
          "With --allow-changes: also change things that the recording did not make, such as a container that was there",
      },
      "read-only": {
        type: "boolean",
        default: false,
        describe: "Send only what reads, whatever else is allowed",
      },
      "fail-on": {
        choices: ["info", "warn", "error"],
        default: DEFAULT_FAIL_ON,
        describe: "The least grade of a difference for which the exit status is 1",
      },
      report: {
        choices: ["text", "json", "junit"],
        default: DEFAULT_REPORT,
        describe: "Format of the report on stdout",
      },
      "report-file": { type: "string", describe: "Write the report to this file instead" },
    })
    .example("$0 verify web.yaml", "Shows what it would change, if it would; else verifies")
    .example("$0 verify web.yaml --allow-changes", "Exit status 1 if the daemon's answers have drifted")
    .example("$0 verify web.yaml --read-only --report junit", "For a CI");
}

function verifyCassette(argv: VerifyArguments, terminal: Terminal): Promise<number> {
  const { cassette, allowChanges, touchExisting, readOnly, reportFile } = argv;
  if (reportFile !== undefined) prepareOutputFile(reportFile, VERIFICATION);
  const policy = { allowsChanges: allowChanges && !readOnly, touchesExisting: touchExisting };
  refuseMock(argv);
  const upstream = toUpstream(argv.upstream);
  return prepareVerification({ cassette, upstream, ...policy }, (verification) =>
    runVerification(argv, verification, terminal),
  );
}

/** Otherwise `mock` is a host that DNS does not know. */
function refuseMock({ upstream }: VerifyArguments): void {
  if (upstream !== MOCK_UPSTREAM) return;
  const why =
    "verify compares with a daemon that runs; for a simulated one start `whalesong mock --listen unix:///tmp/mock.sock`, and name that address";
  throw createAddressError(upstream, why);
}

async function runVerification(argv: VerifyArguments, verification: Verification, terminal: Terminal): Promise<number> {
  const { cassette: path, readOnly, failOn, report, reportFile } = argv;
  if (!readOnly && !printPlan(argv, verification, terminal)) return 1;
  const { verified, skipped, left } = await verification.run();
  const result: VerificationResult = {
    path,
    cassette: verification.recording.cassette,
    verified,
    skipped,
    left,
    failOn,
  };
  const text = FORMATS[report](result);
  if (reportFile === undefined) terminal.stdout.write(text);
  else writeOutputFile(reportFile, text, VERIFICATION);
  return hasFailed(result) || left.length > 0 ? 1 : 0;
}

/** Prints what would be changed. Returns whether there is consent. */
function printPlan(argv: VerifyArguments, { plan, prefix }: Verification, { stderr }: Terminal): boolean {
  const { cassette, allowChanges } = argv;
  const changes = plan.requests.filter(
    ({ role, skippedBecause }) => role === "change" && (!allowChanges || skippedBecause === undefined),
  );
  if (changes.length === 0) return true;
  const lines = changes.map(({ entry }) => `  ${escapeToLine(`${entry.method} ${entry.target}`)}`);
  const more = lines.length > SHOWN ? [`  and ${lines.length - SHOWN} more`] : [];
  const names = plan.madeNames.size === 0 ? "" : `; names get the prefix ${prefix}`;
  const consent = allowChanges
    ? `all that they make is removed in the end${names}`
    : formatConsentWays(argv, names !== "");
  stderr.write(
    `${[`${cassette} changes something ${changes.length === 1 ? "once" : `${changes.length} times`}:`, ...lines.slice(0, SHOWN), ...more, consent].join("\n")}\n`,
  );
  return allowChanges;
}

/** The two lines to paste, of which the reader chooses one, with the flags of this run. */
function formatConsentWays(argv: VerifyArguments, hasNames: boolean): string {
  const sends = argv.touchExisting ? ["--allow-changes", "--touch-existing"] : ["--allow-changes"];
  return `nothing was sent. You can
  - send them${hasNames ? ", under names of their own," : ""} and remove all that they make: ${formatVerifyLine(sends, argv)}
  - leave them out: ${formatVerifyLine(["--read-only"], argv)}`;
}

function formatVerifyLine(
  flags: readonly string[],
  { cassette, upstream, failOn, report, reportFile }: VerifyArguments,
): string {
  const valued = {
    upstream,
    "fail-on": failOn === DEFAULT_FAIL_ON ? undefined : failOn,
    report: report === DEFAULT_REPORT ? undefined : report,
    "report-file": reportFile,
  };
  const rest = Object.entries(valued).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  return formatShellLine(["whalesong", "verify", ...flags, ...rest, cassette]);
}
