import { UsageError } from "../base/errors.ts";
import type { CassetteEntry, CassetteWalk } from "../cassette/read.ts";

/** The numbers from `from` to `to`, both included. */
interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Whether an exchange is one of those that a user names: `4`, `3-5`, `start`, or several with commas.
 * @throws UsageError `WHALESONG_NO_SUCH_EXCHANGE` for a name, a number or any number of a range that the cassette does not have
 */
export function chooseExchanges(texts: readonly string[], cassette: CassetteWalk): (entry: CassetteEntry) => boolean {
  const words = splitWords(texts);
  const missing = findMissing(words, cassette);
  if (missing !== undefined) throw createMissingError(missing, cassette);
  const choices = words.map(toChoice);
  return (entry) => choices.some((isChosen) => isChosen(entry));
}

function toChoice(word: string): (entry: CassetteEntry) => boolean {
  const range = parseRange(word);
  if (range === undefined) return ({ name }) => name === word;
  return ({ index }) => index + 1 >= range.from && index + 1 <= range.to;
}

/** Undefined for what is a name. */
function parseRange(word: string): NumberRange | undefined {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
  return from === undefined ? undefined : { from: Number(from), to: Number(to) };
}

/** The first word that names what is not there. A range that is there in part is mostly one for another cassette. */
function findMissing(words: readonly string[], { entries }: CassetteWalk): string | undefined {
  const names = new Set(words.filter((word) => parseRange(word) === undefined));
  for (const { name } of names.size === 0 ? [] : entries) {
    if (name !== undefined) names.delete(name);
    if (names.size === 0) break;
  }
  return words.find((word) => {
    const range = parseRange(word);
    if (range === undefined) return names.has(word);
    return range.from < 1 || range.from > range.to || range.to > entries.length;
  });
}

function createMissingError(word: string, { file, entries }: CassetteWalk): UsageError {
  const range = parseRange(word);
  const isReversed = range !== undefined && range.from > range.to;
  const isSeveral = range !== undefined && range.from < range.to;
  const what = isSeveral ? `are not all of the exchanges \`${word}\`` : `is no exchange \`${word}\``;
  const message = isReversed
    ? `the range \`${word}\` of exchanges ends before it begins; the smaller number comes first`
    : `there ${what} in \`${file}\`; it has ${entries.length}, which \`whalesong show\` lists by number`;
  return new UsageError("WHALESONG_NO_SUCH_EXCHANGE", message);
}

/** The words of a flag that may be repeated, and takes commas. */
export function splitWords(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(",")).map((word) => word.trim());
}

/** The message where exchanges were chosen for their output, and none of them has any. */
export function formatNoOutput({ file }: CassetteWalk): string {
  return `these exchanges printed nothing; \`whalesong show\` says which of \`${file}\` did\n`;
}
