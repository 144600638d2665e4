/** Prints what is different between two cassettes: what was asked for otherwise, and what was answered otherwise. */
import { formatCount } from "../base/format-count.ts";
import { parseBoundedJson } from "../base/parse-json.ts";
import { escapeToLine } from "../base/printable.ts";
import type { CassetteEntry, CassetteWalk } from "../cassette/read.ts";
import type { CassetteComparison, ChangedExchange } from "../compare/compare-cassettes.ts";
import type { ContentDifference } from "../compare/compare-content.ts";
import type { FieldDifference } from "../match/compare-requests.ts";
import type { OutputStyles } from "./colour.ts";
import { type DigestOptions, digestExchange, learnNames } from "./digest/digest-exchange.ts";
import { NameBook } from "./digest/name-book.ts";
import { parseEntry, parseParts } from "./digest/parsed-exchange.ts";
import { shortenAround } from "./shorten-around.ts";

export interface ComparedFile {
  readonly path: string;
  readonly cassette: CassetteWalk;
}

export interface ComparisonOptions {
  readonly first: ComparedFile;
  readonly second: ComparedFile;
  readonly styles: OutputStyles;
  readonly tars: DigestOptions["tars"];
}

/** The lines for people; the sum comes last. */
export async function formatComparison(
  comparison: CassetteComparison,
  { first, second, styles, tars }: ComparisonOptions,
): Promise<string> {
  const { changed, came, gone } = comparison;
  const titles = [
    await titleEntries(first.cassette, gone, tars),
    await titleEntries(second.cassette, [...changed.map(({ got }) => got), ...came], tars),
  ] as const;
  const place = ({ path }: ComparedFile, entry: CassetteEntry): string => styles.dim(`  ${path}:${entry.line}`);
  const blocks = [
    ...changed.map((one) => ({
      at: one.got.index,
      lines: [
        `${styles.yellow("changed")}  ${titles[1].get(one.got.index)}${place(second, one.got)}`,
        ...formatFields(one, styles),
      ],
    })),
    ...came.map((entry) => ({
      at: entry.index,
      lines: [`${styles.green("came")}     ${titles[1].get(entry.index)}${place(second, entry)}`],
    })),
  ].sort((a, b) => a.at - b.at);
  const went = gone.map((entry) => `${styles.red("went")}     ${titles[0].get(entry.index)}${place(first, entry)}`);
  const settings = formatSettings(comparison, second.path, styles);
  return `${[...settings, ...blocks.flatMap(({ lines }) => lines), ...went, formatSum(comparison)].join("\n")}\n`;
}

/** What stands in the header, for all answers. */
function formatSettings({ settings }: CassetteComparison, path: string, styles: OutputStyles): readonly string[] {
  if (settings.length === 0) return [];
  const rows = settings.map((setting) => ({ part: "header", ...setting }));
  return [`${styles.yellow("changed")}  the header${styles.dim(`  ${path}:1`)}`, ...formatRows(rows, styles)];
}

function formatSum({ settings, changed, came, gone, sameCount }: CassetteComparison): string {
  const exchanges = `${formatCount(sameCount, "exchange")} the same`;
  const same = settings.length === 0 ? exchanges : `the header changed, ${exchanges}`;
  if (changed.length + came.length + gone.length === 0) return same;
  return `${changed.length} changed, ${came.length} came, ${gone.length} went, ${same}`;
}

/** A line for each field: where, what it was, what it is. */
function formatFields({ request, answer }: ChangedExchange, styles: OutputStyles): readonly string[] {
  const rows = [
    ...request.map((difference) => ({ part: "request", ...toTypedDifference(difference) })),
    ...answer.map((difference) => ({ part: "answer", ...difference })),
  ];
  return formatRows(rows, styles);
}

type DifferenceRow = ContentValues & { readonly part: string };

function formatRows(rows: readonly DifferenceRow[], { red, green }: OutputStyles): readonly string[] {
  const width = Math.max(...rows.map(({ field }) => field.length));
  return rows.map(({ part, field, recorded, got }) => {
    const [was, is] = shortenAround(spellValue(recorded), spellValue(got));
    return `    ${part.padEnd(7)}  ${escapeToLine(field).padEnd(width)}  ${red(was)} -> ${green(is)}`;
  });
}

/** Members whose members are texts, whatever they look like. */
const TEXT_MAPS = /\.(?:Labels|Options|DriverOpts|Config|Sysctls|StorageOpt)\./;

/** Requests are compared as texts: a member that is a list or null is one again where it is looked at. */
function toTypedDifference({ field, recorded, got }: FieldDifference): ContentValues {
  const isJson = field.startsWith("json.") && !TEXT_MAPS.test(field);
  const toValue = (text: string | undefined): unknown => (isJson && text !== undefined ? readTyped(text) : text);
  return { field, recorded: toValue(recorded), got: toValue(got) };
}

type ContentValues = Pick<ContentDifference, "field" | "recorded" | "got">;

/** What is no JSON is a text, and so is JSON that Node would spell otherwise, as it does long numbers. */
function readTyped(text: string): unknown {
  try {
    const value = parseBoundedJson(text);
    return JSON.stringify(value) === text ? value : text;
  } catch {
    return text;
  }
}

function spellValue(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? escapeToLine(JSON.stringify(value)) : escapeToLine(JSON.stringify(value) ?? "");
}

/** What some exchanges of a cassette are about, as `show` says it; by their numbers. */
export async function titleEntries(
  cassette: CassetteWalk,
  chosen: readonly CassetteEntry[],
  tars: DigestOptions["tars"],
): Promise<ReadonlyMap<number, string>> {
  const [names, titles] = [new NameBook(), new Map<number, string>()];
  const numbers = new Set(chosen.map(({ index }) => index));
  for (const entry of cassette.entries) {
    if (titles.size === numbers.size) break;
    if (!numbers.has(entry.index)) {
      learnNames(parseEntry(entry), names);
      continue;
    }
    const parsed = parseParts(entry, entry.readExchange());
    const { method, verb, subject, detail } = await digestExchange(parsed, names, { tars });
    titles.set(entry.index, escapeToLine([method, verb, subject, detail].filter((word) => word !== "").join(" ")));
  }
  return titles;
}

/** One JSON document, for programs. */
export function formatComparisonRecord(
  { settings, changed, came, gone, sameCount }: CassetteComparison,
  first: string,
  second: string,
): string {
  const toRecord = ({ method, target, line }: CassetteEntry): object => ({ method, target, line });
  const record = {
    first,
    second,
    same: sameCount,
    header: settings.map(({ field, recorded, got }) => ({ field, first: recorded, second: got })),
    changed: changed.map(({ recorded, got, request, answer }) => ({
      first: toRecord(recorded),
      second: toRecord(got),
      request: request
        .map(toTypedDifference)
        .map(({ field, recorded: was, got: is }) => ({ field, first: was, second: is })),
      answer: answer.map(({ field, recorded: was, got: is }) => ({ field, first: was, second: is })),
    })),
    came: came.map(toRecord),
    went: gone.map(toRecord),
  };
  return `${JSON.stringify(record)}\n`;
}
