/**
 * Names with a number before what is random in them, and nothing between: `t1<hex>` and `t2<hex>`, Go's folders of
 * subtests (`TestX1<decimal>`). A single name does not tell where its number ends; several of one recording do, which
 * were counted. They decide which of several recorded names is preferred, never whether one stands for today's.
 */
import type { ValuePair } from "./value-pairs.ts";

const NUMBERED = /^(\D*[A-Za-z])(\d+)/;

/** Whether both names have a digit behind the same word. */
export function haveNumbers([recorded, today]: ValuePair): boolean {
  const word = NUMBERED.exec(recorded)?.[1];
  return word !== undefined && NUMBERED.exec(today)?.[1] === word;
}

/**
 * How much of today's number the recorded name has. A name without a number, or one that was not counted, has none.
 * @param texts recorded names, or texts with such: those that begin with the word of this one show whether it was counted
 * @returns a number of digits
 */
export function countSharedDigits([recorded, today]: ValuePair, texts: readonly string[]): number {
  const [, word = "", digits = ""] = NUMBERED.exec(recorded) ?? [];
  const [, otherWord, otherDigits = ""] = NUMBERED.exec(today) ?? [];
  if (word !== otherWord) return 0;
  const names = listNamesOf(word, texts);
  if (!areCounted(names.map((name) => name.charAt(word.length)))) return 0;
  const { length } = String(names.length);
  return countEqualStart(digits.slice(0, length), otherDigits);
}

function countEqualStart(one: string, other: string): number {
  let count = 0;
  while (count < one.length && one[count] === other[count]) count += 1;
  return count;
}

function listNamesOf(word: string, texts: readonly string[]): readonly string[] {
  const names = new Set(texts.flatMap((text) => text.split(/[^A-Za-z0-9]+/)));
  return [...names].filter((name) => NUMBERED.exec(name)?.[1] === word);
}

/**
 * Whether these are the first digits of numbers that were counted, from 0 or 1 on. Of two random hexadecimal digits, two
 * pairs in a hundred are.
 */
function areCounted(digits: readonly string[]): boolean {
  const first = digits.includes("0") ? 0 : 1;
  const counted = digits.map((_, at) => String(first + at).slice(0, 1));
  return digits.length > 1 && counted.sort().join() === [...digits].sort().join();
}
