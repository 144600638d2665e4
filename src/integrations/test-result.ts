/** Compares what a test did with its cassette. */
import { toErrorMessage } from "../base/error-message.ts";
import { WhalesongError } from "../base/errors.ts";
import { shortenIds } from "../base/shorten-ids.ts";
import { formatProgramStack, listProgramFrames } from "../io/intercept/request-origins.ts";
import { toTypedPath } from "../io/typed-path.ts";
import type { RecordingReport } from "../record/write/tape.ts";
import type { Miss } from "../replay/miss.ts";
import type { ReplayReport } from "../replay/report.ts";

/** The report of an ejected cassette; undefined in passthrough. */
export type CassetteReport = ReplayReport | RecordingReport | undefined;

/** How the test itself failed. A failed test may leave out recorded requests. */
export interface TestOutcome {
  readonly failure: unknown;
  /** Whether the test's runner prints the failure by itself, so that what it says need not be said again. @default false */
  readonly isShown?: boolean;
  /** Whether the runner prints the line of the test beside it. @default false */
  readonly isLocated?: boolean;
}

export interface TestExpectation {
  readonly cassettes: readonly string[];
  readonly allowsUnplayed: boolean;
  readonly outcome?: TestOutcome | undefined;
  /** The option that lets a test leave requests out, as it is written. @default `allowsUnplayed: true` */
  readonly unplayedOption?: string;
  /** How to record the cassette again, as a sentence. */
  readonly remedy: string;
  /** The lines of the stack with which a request was made. @default it is not known */
  readonly findOrigin?: (method: string, target: string) => readonly string[];
  /** Where the test is declared: a client may make its requests in a later turn, where the stack has none of the test. */
  readonly declaredAt?: Error | undefined;
}

/** The error of a replay or recording; undefined if there is none. */
export function findTestFailure(report: CassetteReport, standard: TestExpectation): unknown {
  if (report === undefined) return undefined;
  return "missed" in report ? findDeviation(report, standard) : report.problem;
}

const OWN_CODE = /^\[WHALESONG_\w+\] {2}.*$/m;

function findDeviation(report: ReplayReport, standard: TestExpectation): WhalesongError | undefined {
  const { cassettes, allowsUnplayed, outcome, remedy } = standard;
  const unplayed = allowsUnplayed || outcome !== undefined ? [] : report.unplayed;
  const faults = [...report.differing, ...report.problems.map(toErrorMessage)];
  const counts = [
    formatCount(report.missed, "missed"),
    formatCount(faults, "faulty"),
    formatCount(unplayed, "not requested"),
  ];
  if (counts.flat().length === 0) return undefined;
  const misses = formatMisses(listUnshown(report, outcome));
  const message = [
    `the requests to Docker differ from ${cassettes.map((path) => `\`${toTypedPath(path)}\``).join(", ")}: ${counts.flat().join(", ")}`,
    ...misses,
    ...faults.map((fault) => `\n${fault}`),
    ...formatUnplayed(unplayed, report.stalled, standard.unplayedOption),
    ...formatUnusedRules(report.unusedRules),
    // Each miss has its own way out, here or in the test's own failure.
    ...(report.missed.length > 0 ? [""] : [`\n${remedy}`]),
    "[WHALESONG_NOT_AS_RECORDED]  whalesong help WHALESONG_NOT_AS_RECORDED",
  ].join("\n");
  const cause = outcome?.isShown === true ? undefined : outcome?.failure;
  const failure = new WhalesongError("WHALESONG_NOT_AS_RECORDED", message, { cause, fields: { report } });
  const tellsLine = pointToRequest(failure, report.missed[0], standard);
  const saysNothingNew = !tellsLine && misses.length + faults.length + unplayed.length === 0;
  return saysNothingNew ? undefined : failure;
}

/** The ways out of the first miss are those of the others. */
function formatMisses(messages: readonly string[]): readonly string[] {
  return messages.map((message, at) => {
    const [text = "", waysOut = ""] = message.split(/^(?=You can$)/m);
    return `\n${at === 0 ? text + waysOut.replace(OWN_CODE, "") : text}`.trimEnd();
  });
}

/** The misses that the test's own failure does not print already: clients put the daemon's message into their errors. */
function listUnshown({ missed }: ReplayReport, outcome: TestOutcome | undefined): readonly string[] {
  const { message = "" } = (outcome?.isShown === true ? outcome.failure : {}) as { readonly message?: unknown };
  return missed.map((miss) => miss.message).filter((miss) => !String(message).includes(miss));
}

/**
 * Runners show the place of the first frame: the line of the test that made the request, not one of ours.
 * @returns whether that is a line that the runner does not print anyway
 */
function pointToRequest(failure: Error, miss: Miss | undefined, standard: TestExpectation): boolean {
  const { findOrigin, declaredAt, outcome } = standard;
  const origin = miss === undefined ? [] : (findOrigin?.(miss.method, miss.target) ?? []);
  const frames = origin.length > 0 ? origin : listProgramFrames(declaredAt ?? failure);
  // Our own frames would tell the reader nothing.
  failure.stack = formatProgramStack(failure, frames);
  return frames.length > 0 && (origin.length > 0 || outcome?.isLocated !== true);
}

function formatCount(items: readonly unknown[], what: string): readonly string[] {
  return items.length === 0 ? [] : [`${items.length} ${what}`];
}

function formatUnplayed(
  unplayed: readonly string[],
  stalled: readonly string[],
  option = "allowsUnplayed: true",
): readonly string[] {
  if (unplayed.length === 0) return [];
  const lines = [...unplayed, ...stalled].map((line) => `  ${shortenIds(line)}`);
  return [`\nRecorded, but not requested (\`${option}\` allows this):`, ...lines];
}

/** A misspelt rule may be why a request is not as recorded. */
function formatUnusedRules(rules: readonly string[] = []): readonly string[] {
  return rules.length === 0 ? [] : ["\nRules that did nothing:", ...rules.map((rule) => `  ${rule}`)];
}
