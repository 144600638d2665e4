import { PRESETS } from "../cassette/rule-names.ts";
import type { RecordingReport } from "../record/tape.ts";
import { problemText, type ReplayReport } from "../replay/report.ts";
import { dim, green, red, yellow } from "../view/colour.ts";

const LISTED = 5;

/** What a recording came to, in one line, and a second one for what is wrong with it. */
export function recordingSummary(report: RecordingReport, cassette: string): string {
  const { exchanges, truncated, dropped, bytes } = report;
  const parts = [
    green(`recorded ${count(exchanges, "exchange")}`),
    ...(truncated > 0 ? [yellow(`${truncated} cut`)] : []),
    ...(dropped > 0 ? [yellow(`${dropped} not ended and left out`)] : []),
    dim(`${size(bytes.sent)} sent, ${size(bytes.received)} received`),
    cassette,
  ];
  const problem =
    report.problem === undefined ? "" : `\n${red(`the recording is incomplete: ${problemText(report.problem)}`)}`;
  return `${parts.join(" | ")}${problem}\n`;
}

/** What a replay came to: one line, and a few lines for each thing that went another way than recorded. */
export function replaySummary(report: ReplayReport, cassettes: readonly string[]): string {
  const { played, exchanges, missed, unplayed, stalled, differing } = report;
  const parts = [
    green(`played ${played} of ${count(exchanges, "exchange")}`),
    (missed.length > 0 ? red : dim)(`${missed.length} missed`),
    (unplayed.length > 0 ? yellow : dim)(`${unplayed.length} unplayed`),
    ...(stalled.length > 0 ? [yellow(`${stalled.length} stalled`)] : []),
    dim(presetsText(report)),
    cassettes.join(", "),
  ];
  const lists = [
    ...listed(
      "missed",
      missed.map(({ method, target }) => `${method} ${target}`),
    ),
    ...listed("differs", differing),
    ...listed("stalled", stalled),
    ...listed("unplayed", unplayed),
    ...listed("fault", report.problems.map(problemText)),
  ];
  return `${[parts.join(" | "), ...lists].join("\n")}\n`;
}

/** Whose habits were allowed for: everybody's where nobody was recognised. */
function presetsText({ presets }: ReplayReport): string {
  if (presets.length === PRESETS.length) return "for any client";
  return presets.length === 0 ? "for no known client" : `for ${presets.join(", ")}`;
}

function listed(label: string, items: readonly string[]): string[] {
  const shown = items.slice(0, LISTED).map((item) => `  ${label}  ${item}`);
  return items.length > LISTED ? [...shown, `  ${label}  and ${items.length - LISTED} more`] : shown;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}
