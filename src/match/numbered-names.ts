/**
 * Names with a number before what is random in them, and nothing between: `t1<hex>` and `t2<hex>`, Go's folders of
 * subtests (`TestX1<decimal>`). A single name does not tell where its number ends; several of one recording do, which
 * were counted. They decide which of several recorded names is preferred, never whether one stands for today's.
 */
import type { ValuePair } from "./value-pairs.ts";

const NUMBERED = /^(\D*[A-Za-z])(\d)/;

/** Whether today's name has another digit than the recorded one where the number is, if they have one. */
export function hasOtherNumber([recorded, today]: ValuePair): boolean {
  const [start, word] = NUMBERED.exec(recorded) ?? [];
  return start !== undefined && word !== undefined && today.startsWith(word) && !today.startsWith(start);
}

/**
 * Whether recorded names that begin with the word of this one were counted, from 0 or 1 on: their first digits are those
 * of such numbers. Of two random hexadecimal digits, two pairs in a hundred are.
 */
export function isCounted(recorded: string, names: Iterable<string>): boolean {
  const word = NUMBERED.exec(recorded)?.[1];
  const digits = [...new Set(names)].flatMap((name) => {
    const [, other, digit] = NUMBERED.exec(name) ?? [];
    return other === word && digit !== undefined ? [digit] : [];
  });
  const first = digits.includes("0") ? 0 : 1;
  const counted = digits.map((_, at) => String(first + at).slice(0, 1));
  return digits.length > 1 && counted.sort().join() === digits.sort().join();
}
