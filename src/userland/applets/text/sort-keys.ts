/** The order of two lines, by keys and by the letters of `sort` (busybox coreutils/sort.c). */

export interface SortKey {
  /** The first field of the key, from 1. */
  readonly from: number;
  /** The first character in it, from 1; 0 for its start. */
  readonly fromOffset: number;
  /** The last field; 0 for the end of the line. */
  readonly to: number;
  /** The last character in it; 0 for its end. */
  readonly toOffset: number;
  readonly letters: string;
}

export interface SortRules {
  readonly letters: string;
  readonly separator: string | undefined;
  readonly keys: readonly SortKey[];
  /** Lines with the same keys keep their order. */
  readonly isStable: boolean;
}

type Compare = (one: string, other: string) => number;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WHOLE_LINE: Omit<SortKey, "letters"> = { from: 1, fromOffset: 0, to: 0, toOffset: 0 };

export function createComparison({ letters, separator, keys, isStable }: SortRules): Compare {
  const all = keys.length === 0 ? [{ ...WHOLE_LINE, letters }] : keys;
  return (one, other) => {
    for (const key of all) {
      const order = compareKeys(extractKey(one, key, separator), extractKey(other, key, separator), key.letters);
      if (order !== 0) return key.letters.includes("r") ? -order : order;
    }
    if (isStable) return 0;
    return letters.includes("r") ? -compareTexts(one, other) : compareTexts(one, other);
  };
}

function extractKey(line: string, key: SortKey, separator: string | undefined): string {
  const { from, fromOffset, to, toOffset, letters } = key;
  let start = findField(line, from - 1, separator);
  if (letters.includes("b")) start = skipBlanks(line, start);
  start = Math.min(line.length, start + Math.max(0, fromOffset - 1));
  let end = line.length;
  if (to > 0 && toOffset > 0) {
    const field = findField(line, to - 1, separator);
    end = (letters.includes("b") ? skipBlanks(line, field) : field) + toOffset;
  } else if (to > 0)
    end = findField(line, to, separator) - (separator !== undefined && countFields(line, separator) > to ? 1 : 0);
  return simplify(line.slice(start, Math.max(start, end)), letters);
}

/** Where the field begins that has so many before it. Without a separator a field has its blanks before it. */
function findField(line: string, count: number, separator: string | undefined): number {
  let at = 0;
  for (let field = 0; field < count; field += 1) {
    if (separator === undefined) {
      at = skipBlanks(line, at);
      while (at < line.length && !/\s/.test(line[at] as string)) at += 1;
    } else {
      const end = line.indexOf(separator, at);
      at = end === -1 ? line.length : end + 1;
    }
  }
  return at;
}

function countFields(line: string, separator: string): number {
  return line.split(separator).length;
}

function skipBlanks(line: string, start: number): number {
  let at = start;
  while (at < line.length && /\s/.test(line[at] as string)) at += 1;
  return at;
}

function simplify(key: string, letters: string): string {
  const words = letters.includes("d") ? key.replace(/[^A-Za-z0-9\s]/g, "") : key;
  const printed = letters.includes("i") ? words.replace(/[^\x20-\x7e]/g, "") : words;
  return letters.includes("f") ? printed.toUpperCase() : printed;
}

function compareKeys(one: string, other: string, letters: string): number {
  if (letters.includes("M")) return findMonth(one) - findMonth(other);
  if (letters.includes("V")) return compareVersions(one, other);
  if (/[ng]/.test(letters)) return (Number.parseFloat(one) || 0) - (Number.parseFloat(other) || 0);
  return compareTexts(one, other);
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** From 1 on; 0 for what is no month. */
function findMonth(text: string): number {
  return MONTHS.indexOf(text.trim().slice(0, 3).toLowerCase()) + 1;
}

/** Runs of digits count as numbers (strverscmp(3)). */
function compareVersions(one: string, other: string): number {
  const [left, right] = [splitNumbers(one), splitNumbers(other)];
  for (const [at, part] of left.entries()) {
    const counterpart = right[at] ?? "";
    const areNumbers = /^\d/.test(part) && /^\d/.test(counterpart);
    const order = areNumbers ? Number(part) - Number(counterpart) : compareTexts(part, counterpart);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function splitNumbers(text: string): readonly string[] {
  return text.match(/\d+|\D/g) ?? [];
}
