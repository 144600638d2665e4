/** The rules that a cassette is to have, for its header; and remarks for whoever pastes them. */
import { rulesText } from "../cassette/write.ts";
import type { Difference } from "../match/difference.ts";
import { type Finding, type Line, type Suggestion, unmended } from "../match/suggest.ts";
import { dim, green, red, yellow } from "./colour.ts";

const SHOWN = 20;
const WIDTH = 60;

export interface Files {
  readonly first: string;
  readonly second: string;
}

/** Ready to be pasted into the header; nothing where no rule is missing. */
export function suggestedRules({ rules, mended }: Suggestion): string {
  return mended.length === 0 ? "" : rulesText(rules);
}

/** What each rule is for, what needs none, what none can mend; the verdict last. */
export function suggestionRemarks(suggestion: Suggestion, files: Files): string {
  const { mended, rehearsal } = suggestion;
  const hopeless = unmended(rehearsal);
  const lists = [
    ...listed(
      green("rule"),
      mended.map(
        ({ finding, verdict }) => `${verdict.kind.padEnd(6)}  ${change(verdict.difference)}${at(finding, files)}`,
      ),
    ),
    ...listed(dim("needs no rule"), needless(suggestion, files)),
    ...listed(dim("needs no rule"), daemonRemarks(rehearsal.daemonWords)),
    ...listed(
      red("cannot be mended"),
      hopeless.map((finding) => complaint(finding, files)),
    ),
    ...listed(
      yellow("asked once only"),
      rehearsal.left.map((line) => `${request(line)}  (${files.first}:${line.entry.line})`),
    ),
  ];
  return `${[...lists, ending(mended.length, hopeless.length, files)].join("\n")}\n`;
}

function ending(rules: number, hopeless: number, { first, second }: Files): string {
  const named = rules === 0 ? "no further rule" : rules === 1 ? "1 rule" : `${rules} rules`;
  if (hopeless === 0) return `with ${named}, ${first} answers all that ${second} asks`;
  const requests = hopeless === 1 ? "1 request" : `${hopeless} requests`;
  return `with ${named}, ${first} answers what ${second} asks but for ${requests}`;
}

/** Values that are recognised by themselves, one for each field. */
function needless({ rules, rehearsal }: Suggestion, files: Files): string[] {
  const ruled = new Set(Object.values(rules.bind));
  const byField = new Map<string, string>();
  for (const finding of rehearsal.findings) {
    for (const { kind, difference } of finding.verdicts) {
      const { field } = difference;
      if (kind !== "recognised" || ruled.has(field) || byField.has(field)) continue;
      byField.set(field, `${change(difference)}${at(finding, files)}`);
    }
  }
  return [...byField.values()];
}

function daemonRemarks(words: number): string[] {
  return words === 0
    ? []
    : [`${words === 1 ? "1 value" : `${words} values`} that the daemon made up: a replay says the recorded ones`];
}

function complaint({ line, counterpart, verdicts, isContradictory }: Finding, files: Files): string {
  const place = `${request(line)}  (${files.second}:${line.entry.line})`;
  if (counterpart === undefined) return `${place}  nothing like it is left in ${files.first}`;
  const recorded = `${files.first}:${counterpart.entry.line}`;
  if (isContradictory) return `${place}  one value would have to stand for two, against ${recorded}`;
  const beyond = verdicts.filter(({ kind }) => kind === "beyond").map(({ difference }) => change(difference));
  return `${place}  against ${recorded}: ${beyond.join("; ")}`;
}

function change({ field, recorded, got }: Difference): string {
  return `${field}  ${short(recorded)} then ${short(got)}`;
}

function short(value: string | undefined): string {
  if (value === undefined) return "nothing";
  return value.length > WIDTH ? `${value.slice(0, WIDTH)}...` : value;
}

function at({ line, counterpart }: Finding, { first, second }: Files): string {
  return dim(`  (${first}:${counterpart?.entry.line}, ${second}:${line.entry.line})`);
}

function request({ entry: { method, target } }: Line): string {
  return `${method} ${short(target)}`;
}

function listed(label: string, items: readonly string[]): string[] {
  const shown = items.slice(0, SHOWN).map((item) => `  ${label}  ${item}`);
  return items.length > SHOWN ? [...shown, `  ${label}  and ${items.length - SHOWN} more`] : shown;
}
