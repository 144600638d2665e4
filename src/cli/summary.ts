import { toErrorMessage } from "../base/error-message.ts";
import { UsageError } from "../base/errors.ts";
import { formatCount } from "../base/format-count.ts";
import { formatShellLine } from "../base/shell-words.ts";
import { shortenIds } from "../base/shorten-ids.ts";
import type { SidecarSizes } from "../io/disk/measure-sidecars.ts";
import { toSidecarFolder } from "../io/disk/sidecar-folder-name.ts";
import { toTypedPath } from "../io/typed-path.ts";
import { PAST_HOST } from "../modes/refuse-empty.ts";
import type { RecordingReport } from "../record/write/tape.ts";
import type { ReplayReport } from "../replay/report.ts";
import { styleDim, styleGreen, styleRed, styleYellow } from "../view/colour.ts";
import { formatError } from "./format-error.ts";

const LISTED = 5;

/** What was recorded, and how it is replayed. */
export interface RecordingOutcome {
  readonly cassette: string;
  /** The files in its folder. @default none */
  readonly sidecars?: SidecarSizes;
  /** Why the cassette is as it was, if it is. */
  readonly reason?: string | undefined;
  /** The words of the command to paste; none where the next run replays by itself. */
  readonly replayLine?: string | undefined;
}

/** The summary of a recording: what was saved where, its problem, and how to replay it. */
export function formatRecordingSummary(report: RecordingReport, outcome: RecordingOutcome): string {
  const { isKept } = report;
  const { reason, replayLine } = outcome;
  const parts = [
    ...formatPrevious(report, outcome),
    ...(isRefusedAsEmpty(report) ? [] : formatCounts(report, outcome)),
  ];
  const hint = isKept && replayLine !== undefined ? [`${styleDim("replay:")} ${replayLine}`] : [];
  const first = parts.length === 0 ? [] : [parts.join(" | ")];
  const lines = [
    ...first,
    ...formatUnreachable(report),
    ...formatRecordingProblem(report, reason),
    ...formatWayToTake(report, outcome),
  ];
  return [...lines, ...hint, ""].join("\n");
}

/** The message of its problem has all that the counts would say. */
function isRefusedAsEmpty({ problem, isKept }: RecordingReport): boolean {
  return !isKept && problem instanceof UsageError && problem.code === "WHALESONG_NOTHING_RECORDED";
}

function formatCounts(report: RecordingReport, outcome: RecordingOutcome): readonly string[] {
  const { truncated, unreachable } = report;
  const dropped = report.dropped - (unreachable?.requests ?? 0);
  return [
    formatSaved(report, outcome),
    ...(truncated > 0 ? [styleYellow(`${truncated} cut`)] : []),
    ...(dropped > 0 ? [styleYellow(`${dropped} unfinished and left out`)] : []),
  ];
}

/** What clients were refused by the recorder, and not by the daemon. */
function formatUnreachable({ unreachable }: RecordingReport): readonly string[] {
  if (unreachable === undefined) return [];
  const { requests, because } = unreachable;
  return [styleYellow(`${formatCount(requests, "request")} did not reach the daemon: ${because}`)];
}

/** An old cassette that was played before something was added to it. */
function formatPrevious({ previous }: RecordingReport, { cassette }: RecordingOutcome): readonly string[] {
  if (previous === undefined) return [];
  return [`${cassette}: ${styleGreen(`${previous.played} of ${previous.exchanges} replayed`)}`];
}

function formatSaved(report: RecordingReport, { cassette, sidecars, reason }: RecordingOutcome): string {
  const { exchanges, isKept, aside, unfinished, previous, problem } = report;
  const requests = formatCount(exchanges, "request");
  if (aside !== undefined) return `${styleYellow(`saved ${requests}`)} to ${toTypedPath(aside)}`;
  if (unfinished !== undefined) return formatUnfinished(requests, cassette, toTypedPath(unfinished));
  if (!isKept) {
    const why = problem === undefined && reason !== undefined ? styleYellow(`: ${reason}`) : "";
    return `recorded ${requests}, ${cassette} is not written${why}`;
  }
  if (previous !== undefined && exchanges === 0) return "nothing to add";
  return `${styleGreen(`saved ${requests}`)} to ${cassette}${formatSidecars(cassette, sidecars)}`;
}

/** What is kept of a recording that could not be written to its end, and where. */
function formatUnfinished(requests: string, cassette: string, unfinished: string): string {
  if (unfinished === cassette)
    return styleYellow(`${cassette} is unfinished: it has ${requests}, those that came later are lost`);
  const kept = `${unfinished} has ${requests} until the next recording, those that came later are lost`;
  return `${cassette} is as it was; ${styleYellow(kept)}`;
}

function formatSidecars(cassette: string, { files, bytes }: SidecarSizes = { files: 0, bytes: 0 }): string {
  if (files === 0) return "";
  return ` and ${toSidecarFolder(cassette)}/ (${formatCount(files, "file")}, ${formatSize(bytes)})`;
}

function formatRecordingProblem(
  { problem, isKept, aside }: RecordingReport,
  reason: string | undefined,
): readonly string[] {
  if (problem === undefined)
    return aside === undefined || reason === undefined ? [] : [styleYellow(`the cassette is as it was: ${reason}`)];
  if (problem instanceof UsageError && !isKept) return [styleRed(formatError(problem))];
  return [styleRed(`the recording is incomplete: ${toErrorMessage(problem)}`)];
}

/** How a recording that was set aside becomes the cassette. */
function formatWayToTake({ aside }: RecordingReport, { cassette }: RecordingOutcome): readonly string[] {
  if (aside === undefined) return [];
  return [`${styleDim("take it:")} ${formatShellLine(["mv", toTypedPath(aside), cassette])}`];
}

/** One JSON document on one line, as `formatReport` makes it of a replay. */
export function formatRecordingReport(report: RecordingReport): string {
  const { problem, ...rest } = report;
  return `${JSON.stringify({ ...rest, ...(problem === undefined ? {} : { problem: toErrorMessage(problem) }) })}\n`;
}

/**
 * The summary of a replay: one line, and a few lines for each kind of deviation.
 * @param awaitsRequests whether a client was to come: then the summary says where requests may have gone instead
 */
export function formatReplaySummary(
  report: ReplayReport,
  cassettes: readonly string[],
  awaitsRequests: boolean = false,
): string {
  const {
    played,
    exchanges,
    missed,
    unplayed,
    stalled,
    differing,
    problems,
    unusedFaults = [],
    unusedRules = [],
  } = report;
  const parts = [
    `${cassettes.join(", ")}: ${styleGreen(`${played} of ${exchanges} replayed`)}`,
    ...formatElsewhere(report),
    ...(missed.length > 0 ? [styleRed(`${missed.length} missed`)] : []),
    ...(unplayed.length > 0 ? [styleYellow(`${unplayed.length} unplayed`)] : []),
    ...formatOptional(report),
    ...(stalled.length > 0 ? [styleYellow(`${stalled.length} stalled`)] : []),
    ...(unusedFaults.length > 0 ? [styleYellow(formatCount(unusedFaults.length, "unused fault"))] : []),
    ...(unusedRules.length > 0 ? [styleYellow(formatCount(unusedRules.length, "unused rule"))] : []),
  ];
  const lists = [
    ...formatList(
      "missed",
      missed.map(({ method, target }) => `${method} ${target}`),
    ),
    ...formatList("differs", differing),
    ...formatList("stalled", stalled),
    // Behind a miss the rest of a recording is never asked for: that says nothing new.
    ...(missed.length > 0 ? [] : formatList("unplayed", unplayed)),
    ...formatList("problem", problems.map(toErrorMessage)),
    ...formatUnusedFaults(unusedFaults),
    ...formatList("unused rule", unusedRules),
    ...(awaitsRequests && isUnvisited(report) ? [styleYellow(`no recorded request came. ${PAST_HOST}`)] : []),
  ];
  return `${[parts.join(" | "), ...lists].join("\n")}\n`;
}

/** A line for each fault that was never applied. */
export function formatUnusedFaults(faults: readonly string[]): readonly string[] {
  return formatList("unused fault", faults);
}

/** Whether there was something to play, and nothing came. */
function isUnvisited(report: ReplayReport): boolean {
  const { exchanges, played, missed, differing, problems, answeredElsewhere } = report;
  const others = missed.length + differing.length + problems.length + (answeredElsewhere?.requests ?? 0);
  return exchanges > 0 && played + others === 0;
}

/** Exchanges that are neither played nor unplayed: pings, the version, repeated reads. So the numbers add up. */
function formatOptional({ exchanges, played, unplayed }: ReplayReport): string[] {
  const optional = exchanges - played - unplayed.length;
  return optional > 0 ? [`${optional} not needed`] : [];
}

/** What `--on-miss` has answered. */
function formatElsewhere({
  answeredElsewhere: { by, requests } = { by: "mock", requests: 0 },
}: ReplayReport): string[] {
  return requests === 0 ? [] : [styleYellow(`${formatCount(requests, "request")} answered by the ${by}`)];
}

function formatList(label: string, items: readonly string[]): string[] {
  const shown = items.slice(0, LISTED).map((item) => `  ${label}  ${shortenIds(item)}`);
  return items.length > LISTED ? [...shown, `  ${label}  and ${items.length - LISTED} more`] : shown;
}

export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}
