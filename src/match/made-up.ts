/**
 * What a value that was made up for one run looks like. The recorded value is judged: a cassette's value looks made up
 * in every replay, or in none (but for hexadecimal numbers that happen to have no letter). Of today's no more is asked
 * than that it is of the same kind, for what looks random does not do so every time.
 */

/** How much is taken for made up, for where a value stands tells as much as its shape. */
export interface Leniency {
  readonly moments: boolean;
  /** The lengths of a hexadecimal number. Those of digests say what is in a thing, not which run it is of. */
  readonly hex: readonly [least: number, most: number];
  /** The least length of a jumble of letters and digits. */
  readonly jumble: number;
}

/** A git commit has 40 digits, sha256 has 64. */
const BELOW_DIGESTS = 39;
/** Where clients put names of their own making. */
export const NAMES: Leniency = { moments: true, hex: [12, BELOW_DIGESTS], jumble: 8 };
/** Where a value may well say what is to be done: `1610612736` bytes, the commit `3f1c0a9be2d4`. */
export const ELSEWHERE: Leniency = { moments: false, hex: [16, BELOW_DIGESTS], jumble: 20 };
const LONG = 20;

/** Whether a word of today may be the recorded one made up anew. */
export function isMadeUpAnew(recorded: string, today: string, { moments, hex, jumble }: Leniency): boolean {
  if (moments && areMoments(recorded, today)) return true;
  if (areHexBehindWords(recorded, today, hex)) return true;
  if (alike(recorded, today) * 2 >= Math.min(recorded.length, today.length)) return false;
  if (isHex(recorded) || isHexWithoutLetter(recorded, today)) {
    return isWithin(recorded.length, hex) && isHexOf(recorded.length, today);
  }
  return recorded.length >= jumble && isJumble(recorded) && isOfItsKind(recorded, today);
}

/** Two that were counted up, or that one edited, have most of their characters in common. */
export function alike(one: string, other: string): number {
  const inCommon = (a: string, b: string): number => [...a].filter((character, at) => character === b[at]).length;
  const reversed = (text: string): string => [...text].reverse().join("");
  return Math.max(inCommon(one, other), inCommon(reversed(one), reversed(other)));
}

/** Both moments, in the same unit, and behind the same letters: `test1732060800123`. */
function areMoments(one: string, other: string): boolean {
  const [, prefix, digits = ""] = /^([A-Za-z]*)(\d+)$/.exec(one) ?? [];
  const [, sameAgain, others = ""] = /^([A-Za-z]*)(\d+)$/.exec(other) ?? [];
  return prefix === sameAgain && digits.length === others.length && isMoment(digits) && isMoment(others);
}

/** Numbers behind the same letters: `tide3f1c0a9be2d4`. Letters that are digits, too, count as digits. */
function areHexBehindWords(one: string, other: string, lengths: Leniency["hex"]): boolean {
  const [, word, digits = ""] = /^([A-Za-z]*?)([0-9a-f]{12,})$/.exec(one) ?? [];
  const [, sameAgain, others = ""] = /^([A-Za-z]*?)([0-9a-f]{12,})$/.exec(other) ?? [];
  const isNumber = isHex(digits) && isWithin(digits.length, lengths) && isHexOf(digits.length, others);
  return isNumber && word !== "" && word === sameAgain && alike(digits, others) * 2 < digits.length;
}

/** Seconds, milliseconds or finer, from 2014 to 2039; no round sizes, such as 1.5 GiB or 1.5e9 billionths of a CPU. */
function isMoment(digits: string): boolean {
  if (![10, 13, 16, 19].includes(digits.length)) return false;
  const seconds = Number(digits.slice(0, 10));
  const isRound = /0{6}$/.test(digits.slice(0, 10)) || (digits.length === 10 && seconds % 2 ** 20 === 0);
  return seconds >= 1_400_000_000 && seconds < 2_200_000_000 && !isRound;
}

function isHex(word: string): boolean {
  return /^(?=.*\d)(?=.*[a-f])[0-9a-f]{12,}$/.test(word) && new Set(word).size > 4;
}

/** One in 300 numbers of 12 digits has no letter; only the other one tells then that it is none of an account. */
function isHexWithoutLetter(recorded: string, today: string): boolean {
  return /^\d{12,}$/.test(recorded) && new Set(recorded).size > 4 && isHex(today);
}

function isHexOf(length: number, today: string): boolean {
  return today.length === length && /^[0-9a-f]+$/.test(today);
}

function isWithin(length: number, [least, most]: Leniency["hex"]): boolean {
  return length >= least && length <= most;
}

/** A number of base 36 or 62: letters and digits in turn, and hardly a word among them. */
function isJumble(word: string): boolean {
  if (!/^[A-Za-z0-9]+$/.test(word) || /^v\d/i.test(word) || isAmount(word) || new Set(word).size < 6) return false;
  const pieces = word.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? [];
  const inWords = pieces.filter((piece) => /^\D{4,}$/.test(piece) && /[aeiouy]/i.test(piece)).join("").length;
  const isMixed = /\d/.test(word) && pieces.length >= Math.max(4, word.length / 4);
  return isMixed && inWords <= word.length / (word.length < LONG ? 3 : 2);
}

/** `1h30m15s`, `1g512m` */
function isAmount(word: string): boolean {
  return /^(?:\d+(?:[num]?s|[mhdwb]|[kmgt]i?b?))+$/i.test(word);
}

function isOfItsKind(recorded: string, today: string): boolean {
  const kind = /[A-Z]/.test(recorded) ? /^[A-Za-z0-9]+$/ : /^[a-z0-9]+$/;
  return Math.abs(recorded.length - today.length) <= 2 && kind.test(today);
}
