/** Prints suggested rules for a cassette's header, and remarks on each of them. */
import type { CassetteEntry } from "../cassette/read.ts";
import { formatRules } from "../cassette/write.ts";
import type { FieldDifference } from "../match/compare-requests.ts";
import { findUnresolved, type RequestFinding, type RuleSuggestion } from "../match/suggest.ts";
import { styleDim, styleGreen, styleRed, styleYellow } from "./colour.ts";

const SHOWN = 20;
const WIDTH = 60;

export interface ComparedFiles {
  readonly first: string;
  readonly second: string;
}

/** Ready to be pasted into the header; empty if no rule is missing. */
export function formatSuggestedRules({ rules, reasons }: RuleSuggestion): string {
  return reasons.length === 0 ? "" : formatRules(rules);
}

/** The reason of each rule, what needs no rule, what no rule can mend; the verdict last. */
export function formatSuggestionRemarks(suggestion: RuleSuggestion, files: ComparedFiles): string {
  const { reasons, comparison } = suggestion;
  const unresolved = findUnresolved(comparison);
  const lists = [
    ...formatList(
      styleGreen("rule"),
      reasons.map(
        ({ finding, verdict }) =>
          `${verdict.kind.padEnd(6)}  ${formatChange(verdict.difference)}${formatPlaces(finding, files)}`,
      ),
    ),
    ...formatList(styleDim("needs no rule"), listNeedless(suggestion, files)),
    ...formatList(styleDim("needs no rule"), formatDaemonRemarks(comparison.daemonValues)),
    ...formatList(
      styleRed("cannot be mended"),
      unresolved.map((finding) => formatUnresolved(finding, files)),
    ),
    ...formatList(
      styleYellow("not requested again"),
      comparison.leftOver.map((request) => `${formatRequest(request)}  (${files.first}:${request.line})`),
    ),
  ];
  return `${[...lists, formatEnding(reasons.length, unresolved.length, files)].join("\n")}\n`;
}

function formatEnding(rules: number, unresolved: number, { first, second }: ComparedFiles): string {
  const named = rules === 0 ? "no further rule" : rules === 1 ? "1 rule" : `${rules} rules`;
  if (unresolved === 0) return `with ${named}, ${first} answers all requests of ${second}`;
  const requests = unresolved === 1 ? "1 request" : `${unresolved} requests`;
  return `with ${named}, ${first} answers all requests of ${second} except ${requests}`;
}

/** Values that are recognised without a rule, one for each field. */
function listNeedless({ rules, comparison }: RuleSuggestion, files: ComparedFiles): string[] {
  const ruled = new Set(Object.values(rules.bind));
  const byField = new Map<string, string>();
  for (const finding of comparison.findings) {
    for (const { kind, difference } of finding.verdicts) {
      const { field } = difference;
      if (kind !== "recognised" || ruled.has(field) || byField.has(field)) continue;
      byField.set(field, `${formatChange(difference)}${formatPlaces(finding, files)}`);
    }
  }
  return [...byField.values()];
}

function formatDaemonRemarks(values: number): string[] {
  return values === 0
    ? []
    : [`${values === 1 ? "1 value" : `${values} values`} that the daemon made up: a replay sends the recorded ones`];
}

function formatUnresolved(
  { request, counterpart, verdicts, isContradictory }: RequestFinding,
  files: ComparedFiles,
): string {
  const place = `${formatRequest(request)}  (${files.second}:${request.line})`;
  if (counterpart === undefined) return `${place}  nothing like it is left in ${files.first}`;
  const recorded = `${files.first}:${counterpart.line}`;
  if (isContradictory) return `${place}  one value would have to stand for two, against ${recorded}`;
  const beyond = verdicts.filter(({ kind }) => kind === "beyond").map(({ difference }) => formatChange(difference));
  return `${place}  against ${recorded}: ${beyond.join("; ")}`;
}

function formatChange({ field, recorded, got }: FieldDifference): string {
  return `${field}  ${shortenValue(recorded)} then ${shortenValue(got)}`;
}

function shortenValue(value: string | undefined): string {
  if (value === undefined) return "nothing";
  return value.length > WIDTH ? `${value.slice(0, WIDTH)}...` : value;
}

function formatPlaces({ request, counterpart }: RequestFinding, { first, second }: ComparedFiles): string {
  return styleDim(`  (${first}:${counterpart?.line}, ${second}:${request.line})`);
}

function formatRequest({ method, target }: CassetteEntry): string {
  return `${method} ${shortenValue(target)}`;
}

function formatList(label: string, items: readonly string[]): string[] {
  const shown = items.slice(0, SHOWN).map((item) => `  ${label}  ${item}`);
  return items.length > SHOWN ? [...shown, `  ${label}  and ${items.length - SHOWN} more`] : shown;
}
