/**
 * The shapes of values that a client generates for one run. The recorded value is judged: a cassette's value looks
 * generated in every replay, or in none. (Exception: a hexadecimal number that happens to have no letter.) Today's value
 * only has to be of the same kind, for a random value does not look random every time.
 */

/** How easily a value counts as generated. Where it stands tells as much as its shape. */
export interface DetectionThresholds {
  /** Whether a number can be a timestamp. */
  readonly timestamps: boolean;
  /** The lengths of a hexadecimal number. Digests are longer: they tell the content of a thing, not the run. */
  readonly hex: readonly [least: number, most: number];
  /** The least length of a random string of letters and digits. */
  readonly randomString: number;
}

/** A git commit has 40 digits, sha256 has 64. */
const BELOW_DIGESTS = 39;
/** For fields in which clients put names that they generate. */
export const NAME_THRESHOLDS: DetectionThresholds = { timestamps: true, hex: [8, BELOW_DIGESTS], randomString: 8 };
/** For fields with values that may be instructions: `1610612736` bytes, the commit `3f1c0a9be2d4`. */
export const OTHER_THRESHOLDS: DetectionThresholds = { timestamps: false, hex: [16, BELOW_DIGESTS], randomString: 20 };
const LONG = 20;

/** Whether today's word can be the recorded one, generated anew. */
export function isGeneratedAnew(
  recorded: string,
  today: string,
  { timestamps, hex, randomString }: DetectionThresholds,
): boolean {
  if (timestamps && isTimestampPair(recorded, today)) return true;
  if (isHexPairInWord(recorded, today, hex)) return true;
  if (countSharedCharacters(recorded, today) * 2 >= Math.min(recorded.length, today.length)) return false;
  if (isHex(recorded) || isHexWithoutLetter(recorded, today)) {
    return isWithin(recorded.length, hex) && isHexOf(recorded.length, today);
  }
  return recorded.length >= randomString && isRandomString(recorded) && hasSameAlphabet(recorded, today);
}

/** A counter that went up, or a value that is edited shares most characters with the old one, from either end. */
export function countSharedCharacters(one: string, other: string): number {
  return Math.max(countSharedFrom(one, other, 0), countSharedFrom(one, other, other.length - one.length));
}

/** @param offset of a character in `other` from its counterpart in `one` */
function countSharedFrom(one: string, other: string, offset: number): number {
  let count = 0;
  for (let at = 0; at < one.length; at += 1) if (one[at] === other[at + offset]) count += 1;
  return count;
}

/** Both are timestamps in the same unit, behind the same letters: `test1732060800123`. */
function isTimestampPair(one: string, other: string): boolean {
  const [, prefix, digits = ""] = /^([A-Za-z]*)(\d+)$/.exec(one) ?? [];
  const [, otherPrefix, otherDigits = ""] = /^([A-Za-z]*)(\d+)$/.exec(other) ?? [];
  return (
    prefix === otherPrefix && digits.length === otherDigits.length && isTimestamp(digits) && isTimestamp(otherDigits)
  );
}

/** Letters, a hexadecimal number, and letters. Letters that can be digits count as digits. */
const HEX_IN_WORD = /^([A-Za-z]*?)([0-9a-f]{8,})((?:[g-zA-Z][A-Za-z]*)?)$/;

/** Numbers behind the same letters, or between the same ones: `tide3f1c0a9be2d4`, `x3f1c0a9btty`. */
function isHexPairInWord(one: string, other: string, lengths: DetectionThresholds["hex"]): boolean {
  const [, word, digits = "", behind = ""] = HEX_IN_WORD.exec(one) ?? [];
  const [, otherWord, otherDigits = "", otherBehind = ""] = HEX_IN_WORD.exec(other) ?? [];
  if (behind !== otherBehind || isWordBehind(digits, behind)) return false;
  const isEitherHex = isHex(digits) || isHexLikeOther(digits, otherDigits);
  const isNumber = isEitherHex && isWithin(digits.length, lengths) && isHexOf(digits.length, otherDigits);
  if (!isNumber || (word === "" && behind === "") || word !== otherWord) return false;
  return countSharedCharacters(digits, otherDigits) * 2 < digits.length;
}

/** The last letters of a number may begin the word behind it: `e104857600bytes`. Words have a vowel. */
function isWordBehind(digits: string, behind: string): boolean {
  const begun = /[a-f]+$/.exec(digits)?.[0] ?? "";
  return behind !== "" && begun !== "" && (begun + behind).length > 3 && /[aeiouy]/i.test(begun + behind);
}

/** Seconds, milliseconds or finer, from 2014 to 2033, since what follows reads as a date. Not round sizes, such as 1.5 GiB or 1.5e9 billionths of a CPU. */
export function isTimestamp(digits: string): boolean {
  if (![10, 13, 16, 19].includes(digits.length)) return false;
  const seconds = Number(digits.slice(0, 10));
  const isRound = /0{6}$/.test(digits.slice(0, 10)) || (digits.length === 10 && seconds % 2 ** 20 === 0);
  return seconds >= 1_400_000_000 && seconds < 2_000_000_000 && !isRound;
}

/** A short one has a letter behind a digit, and is no date: people call things `deadbeef01`, `size104857600`, `20261128ab`. */
export function isHex(word: string): boolean {
  if (!/^(?=.*\d)(?=.*[a-f])[0-9a-f]{8,}$/.test(word) || new Set(word).size < 5) return false;
  const pieces = word.match(/\d+|[a-f]+/g) ?? [];
  const isMixed = /\d.*[a-f]/.test(word) && pieces.length > (word.length < 10 ? 2 : 1);
  return word.length >= 12 || (isMixed && !/^20\d{6}/.test(word));
}

/** One in 300 numbers of 12 digits has no letter. Then only the other number shows that it is no decimal one. */
function isHexWithoutLetter(recorded: string, today: string): boolean {
  return /^\d{12,}$/.test(recorded) && new Set(recorded).size > 4 && isHex(today);
}

/** One in fifty numbers of ten digits has a letter before its digits only: `b912028822`. Then the other one shows it, too. */
function isHexLikeOther(recorded: string, today: string): boolean {
  return /^[a-f]{0,2}\d{8,}$/.test(recorded) && new Set(recorded).size > 4 && isHex(today);
}

/**
 * A number of 64 bits that is printed without leading zeros (docker-py's `{:x}`) is a digit shorter once in 16 times. Of
 * hundred names one would be too short by two digits every third time, by four digits once in six hundred times.
 */
function isHexOf(length: number, today: string): boolean {
  return (
    Math.abs(today.length - length) <= (length > 12 ? 3 : 0) &&
    today.length >= Math.min(length, 13) &&
    /^[0-9a-f]+$/.test(today)
  );
}

function isWithin(length: number, [least, most]: DetectionThresholds["hex"]): boolean {
  return length >= least && length <= most;
}

/** A number of base 36 or 62: letters and digits in turn, and hardly a word among them. */
function isRandomString(word: string): boolean {
  if (!/^[A-Za-z0-9]+$/.test(word) || isVersion(word) || isAmount(word) || new Set(word).size < 6) return false;
  const pieces = word.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? [];
  const inWords = pieces.filter((piece) => /^\D{4,}$/.test(piece) && /[aeiouy]/i.test(piece)).join("").length;
  const isMixed = /\d/.test(word) && pieces.length >= Math.max(4, word.length / 4);
  return isMixed && inWords <= word.length / (word.length < LONG ? 3 : 2);
}

/** `v1beta1`, `v20261128g3f1c0a9be2d4`. None has more behind it than a commit. */
function isVersion(word: string): boolean {
  return /^v\d/i.test(word) && word.length <= BELOW_DIGESTS;
}

/** `1h30m15s`, `1g512m` */
function isAmount(word: string): boolean {
  return /^(?:\d+(?:[num]?s|[mhdwb]|[kmgt]i?b?))+$/i.test(word);
}

function hasSameAlphabet(recorded: string, today: string): boolean {
  const alphabet = /[A-Z]/.test(recorded) ? /^[A-Za-z0-9]+$/ : /^[a-z0-9]+$/;
  return Math.abs(recorded.length - today.length) <= 2 && alphabet.test(today);
}
