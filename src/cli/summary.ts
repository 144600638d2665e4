import { UsageError } from "../base/errors.ts";
import { formatCount } from "../base/format-count.ts";
import { PRESETS } from "../cassette/rule-names.ts";
import type { RecordingReport } from "../record/tape.ts";
import { formatProblem, type ReplayReport } from "../replay/report.ts";
import { styleDim, styleGreen, styleRed, styleYellow } from "../view/colour.ts";

const LISTED = 5;

/**
 * The summary of a recording in one line, and a second line for its problem.
 * @param reason why the recording was thrown away, if it was
 */
export function formatRecordingSummary(report: RecordingReport, cassette: string, reason?: string): string {
  const { exchanges, truncated, dropped, bytes } = report;
  const parts = [
    styleGreen(`recorded ${formatCount(exchanges, "exchange")}`),
    ...(truncated > 0 ? [styleYellow(`${truncated} cut`)] : []),
    ...(dropped > 0 ? [styleYellow(`${dropped} unfinished and left out`)] : []),
    styleDim(`${formatSize(bytes.sent)} sent, ${formatSize(bytes.received)} received`),
    cassette,
    ...(report.isKept ? [] : [styleYellow("not written")]),
  ];
  return [parts.join(" | "), ...formatRecordingProblem(report, reason), ""].join("\n");
}

function formatRecordingProblem({ problem, isKept }: RecordingReport, reason: string | undefined): readonly string[] {
  if (problem === undefined) return reason === undefined ? [] : [styleYellow(`the cassette is as it was: ${reason}`)];
  if (problem instanceof UsageError && !isKept) return [styleRed(problem.message)];
  return [styleRed(`the recording is incomplete: ${formatProblem(problem)}`)];
}

/** One JSON document on one line, as `formatReport` makes it of a replay. */
export function formatRecordingReport(report: RecordingReport): string {
  const { problem, ...rest } = report;
  return `${JSON.stringify({ ...rest, ...(problem === undefined ? {} : { problem: formatProblem(problem) }) })}\n`;
}

/** The summary of a replay: one line, and a few lines for each kind of deviation. */
export function formatReplaySummary(report: ReplayReport, cassettes: readonly string[]): string {
  const { played, exchanges, missed, unplayed, stalled, differing } = report;
  const parts = [
    styleGreen(`played ${played} of ${formatCount(exchanges, "exchange")}`),
    (missed.length > 0 ? styleRed : styleDim)(`${missed.length} missed`),
    (unplayed.length > 0 ? styleYellow : styleDim)(`${unplayed.length} unplayed`),
    ...(stalled.length > 0 ? [styleYellow(`${stalled.length} stalled`)] : []),
    styleDim(formatPresets(report)),
    cassettes.join(", "),
  ];
  const lists = [
    ...formatList(
      "missed",
      missed.map(({ method, target }) => `${method} ${target}`),
    ),
    ...formatList("differs", differing),
    ...formatList("stalled", stalled),
    ...formatList("unplayed", unplayed),
    ...formatList("fault", report.problems.map(formatProblem)),
  ];
  return `${[parts.join(" | "), ...lists].join("\n")}\n`;
}

/** The clients whose allowances applied: all of them if no client was recognised. */
function formatPresets({ presets }: ReplayReport): string {
  if (presets.length === PRESETS.length) return "for any client";
  return presets.length === 0 ? "for no known client" : `for ${presets.join(", ")}`;
}

function formatList(label: string, items: readonly string[]): string[] {
  const shown = items.slice(0, LISTED).map((item) => `  ${label}  ${item}`);
  return items.length > LISTED ? [...shown, `  ${label}  and ${items.length - LISTED} more`] : shown;
}

export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}
