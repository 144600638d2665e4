/** The text of a miss: the request, the nearest recorded one, how the two differ, and the ways out. */
import type { CassetteHeader } from "../../cassette/model.ts";
import { formatRecordTemplate } from "../../cassette/recorded-from.ts";
import type { FieldDifference } from "../../match/compare-requests.ts";
import { explainDifferences } from "../../match/explain-differences.ts";
import { resolveRules } from "../../match/rules/resolve-rules.ts";
import { formatBindRule, formatIgnoreRule, isBindable, isRuleField } from "../../match/rules/spell-rule.ts";
import type { ExpectedExchange, NearestExchange, RecordedPlace } from "../miss.ts";

const SHOWN_DIFFERENCES = 8;

/** What to paste to record what is missing. */
export interface RecordCommands {
  /** Adds it to the cassette, or records that anew. @default `whalesong record --mode append` with the cassette */
  readonly recordCommand?: string | undefined;
  /** Records the whole cassette anew. @default `recordCommand`; if there is none, `whalesong record` with the cassette */
  readonly recordAnewCommand?: string | undefined;
}

export interface MissFacts {
  readonly method: string;
  readonly target: string;
  /** The cassettes that were searched. */
  readonly files: readonly string[];
  /** Those of them whose recording is unfinished. @default none */
  readonly unfinished?: readonly string[];
  /** Of the cassette to record what is missing into: says which daemon that is recorded from. */
  readonly header?: CassetteHeader | undefined;
  readonly nearest: NearestExchange | undefined;
  readonly expected: ExpectedExchange | undefined;
  readonly commands?: RecordCommands;
}

export function formatNoMatch(facts: MissFacts): string {
  const { nearest, expected } = facts;
  return [
    formatTitle(facts),
    "",
    ...formatUnfinished(facts.unfinished),
    ...formatNearest(nearest),
    ...(expected?.place === nearest?.place ? [] : formatExpected(expected)),
    "You can",
    ...formatRecordHints(facts),
    ...formatRuleHints(nearest),
    "[WHALESONG_NO_MATCH]  whalesong help WHALESONG_NO_MATCH",
  ].join("\n");
}

/** What is missed may have been requested when the recorder was already dead. */
function formatUnfinished(files: readonly string[] = []): string[] {
  if (files.length === 0) return [];
  return [
    `The recording of ${files.join(", ")} is unfinished: it was interrupted, and what came later is not in it.`,
    "",
  ];
}

function formatTitle({ method, target, files, nearest }: MissFacts): string {
  const request = `${method} ${target}`;
  if (files.length === 0) return `${request} has no cassette: none is inserted`;
  if (nearest === undefined || !hasSameTarget(nearest)) return `${request} was never recorded in ${files.join(", ")}`;
  return `${request} is not as recorded (${formatPlace(nearest)})`;
}

/** Whether it is the recorded request with other content, not another request. */
function hasSameTarget({ differences }: NearestExchange): boolean {
  return differences.every(({ field }) => field !== "path" && field !== "method");
}

export function formatPlayedAlready(
  { method, target, expected, commands, unfinished, header }: Omit<MissFacts, "files" | "nearest">,
  file: string,
  { place }: RecordedPlace,
): string {
  return [
    `${method} ${target} was played already`,
    "",
    `It stands once in the recording (${place}), and a state change is played once for each time it was recorded.`,
    "",
    ...formatUnfinished(unfinished),
    ...formatExpected(expected),
    "You can",
    `  - let it be played again:  add  repeat: true  to ${place}`,
    `  - record it:               ${commands?.recordCommand ?? formatAppend(file, header)}`,
    "[WHALESONG_PLAYED_ALREADY]  whalesong help WHALESONG_PLAYED_ALREADY",
  ].join("\n");
}

function formatExpected(expected: ExpectedExchange | undefined): string[] {
  return expected === undefined ? [] : [`Expected next was ${formatPlace(expected)}, ${expected.request}`, ""];
}

function formatPlace({ name, place }: RecordedPlace): string {
  return name === undefined ? place : `${place}, "${name}"`;
}

function formatNearest(nearest: NearestExchange | undefined): string[] {
  if (nearest === undefined) return [];
  const differences = foldRepeated(nearest.differences);
  const shown = differences.slice(0, SHOWN_DIFFERENCES);
  const width = Math.max(0, ...shown.map(({ field }) => field.length));
  const lines = shown.map(
    ({ field, recorded, got }) =>
      `    ${field.padEnd(width)}  recorded ${recorded ?? "nothing"}   got ${got ?? "nothing"}`,
  );
  const more = differences.length - shown.length;
  return [
    ...(hasSameTarget(nearest) ? [] : [`The nearest is ${formatPlace(nearest)}. It differs in`]),
    ...lines,
    ...(more > 0 ? [`    and ${more} more`] : []),
    "",
  ];
}

function formatAppend(file: string, header: CassetteHeader | undefined): string {
  return formatRecordTemplate(file, header, ["--mode", "append"]);
}

/** docker-modem puts the members of a body into the query as well: there they say nothing new. */
function foldRepeated(differences: readonly FieldDifference[]): readonly FieldDifference[] {
  const members = new Set(differences.map(({ field }) => /^json\.([^.]+)/.exec(field)?.[1]));
  return differences.filter(({ field }) => !field.startsWith("query.") || !members.has(field.slice("query.".length)));
}

/** A client of another version is first told to speak the recorded one: what else differs may come of the version. */
function formatRecordHints({ nearest, files: [file = "CASSETTE"], header, commands = {} }: MissFacts): string[] {
  const { recordCommand, recordAnewCommand = recordCommand } = commands;
  const version = findOtherVersion(nearest);
  if (version === undefined) return [`  - record it:         ${recordCommand ?? formatAppend(file, header)}`];
  return [
    `  - speak its version: set DOCKER_API_VERSION=${version} for this client, since the recording speaks API ${version}`,
    `  - record it anew:    ${recordAnewCommand ?? `${formatRecordTemplate(file, header)}, with this client`}`,
  ];
}

/** The recorded API version, if the nearest exchange has the same method and path in another version. */
function findOtherVersion(nearest: NearestExchange | undefined): string | undefined {
  const differences = nearest?.differences ?? [];
  if (differences.some(({ field }) => field === "path" || field === "method")) return undefined;
  return differences.find(({ field }) => field === "version")?.recorded;
}

/** A rule helps only where a query parameter, a JSON member or a file of a tar differs. */
function formatRuleHints(nearest: NearestExchange | undefined): string[] {
  const fields = (nearest?.differences ?? []).map(({ field }) => field);
  if (fields.length === 0 || !fields.every(isRuleField)) return [];
  if (fields.length > SHOWN_DIFFERENCES) return [];
  const label = fields.length === 1 ? "ignore this field" : "ignore the fields";
  const hint = `  - ${label}: add  ${formatIgnoreRule(fields)}  to the header of the cassette`;
  const bind = formatBind(nearest?.differences ?? []);
  if (bind === undefined || fields.some((field) => field.startsWith("tar."))) return [hint];
  return [hint, `  - accept any value:  add  ${bind}  to the header; today's value then stands for the recorded one`];
}

/**
 * A bind needs a value on both sides. Of several, each would be a guess, except where one explains the others: a query
 * that repeats the body.
 */
function formatBind(differences: readonly FieldDifference[]): string | undefined {
  const [difference, ...others] = foldRepeated(differences);
  if (difference?.recorded === undefined || difference.got === undefined || others.length > 0) return undefined;
  const { field, recorded, got } = difference;
  if (!isBindable(field, recorded, got)) return undefined;
  const rules = { ...resolveRules([]), bindFields: [field] };
  return explainDifferences(differences, rules, "") === undefined ? undefined : formatBindRule(field);
}
