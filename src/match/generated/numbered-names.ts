/**
 * Names with a number before what is random in them, and nothing between: `t1<hex>` and `t2<hex>`, Go's folders of
 * subtests (`TestX1<decimal>`). A single name does not tell where its number ends; several of one recording do, which
 * were counted. They decide which of several recorded names is preferred, never whether one stands for today's.
 */
import type { ValuePair } from "./value-pairs.ts";

const NUMBERED = /^(\D*[A-Za-z])(\d+)/;

/** Whether both names have a digit behind the same word. What is around a part is equal in both, and any number with it. */
export function haveNumbers([recorded, today, extent]: ValuePair): boolean {
  if (extent === "part") return false;
  const word = NUMBERED.exec(recorded)?.[1];
  return word !== undefined && NUMBERED.exec(today)?.[1] === word;
}

/**
 * How sure it is that a recorded name has today's number. A name without a number, or one that was not counted, has none.
 * @param texts recorded names, or texts with such: those that begin with the word of a name show whether it was counted
 * @returns for each pair 0 if the numbers differ; else how many digits they have, twice as many where both names can be
 *   read in one way only
 */
export function createNumberComparison(texts: readonly string[]): (pair: ValuePair) => number {
  const series = new Map<string, NameSeries | undefined>();
  return ([recorded, today]) => {
    const word = NUMBERED.exec(recorded)?.[1] ?? "";
    if (NUMBERED.exec(today)?.[1] !== word) return 0;
    if (!series.has(word)) series.set(word, findSeries(listEndingsOf(word, texts)));
    const known = series.get(word);
    const was = known?.numbersOf.get(recorded.slice(word.length)) ?? [];
    const is = known === undefined ? [] : listNumbers(today.slice(word.length), known.counter);
    const digits = was.filter((number) => is.includes(number)).map(({ length }) => length);
    return Math.max(0, ...digits) * (was.length + is.length === 2 ? 2 : 1);
  };
}

/** What is behind the word in each name that begins with it. */
function listEndingsOf(word: string, texts: readonly string[]): readonly string[] {
  const names = new Set(texts.flatMap((text) => text.split(/[^A-Za-z0-9]+/)));
  return [...names].filter((name) => NUMBERED.exec(name)?.[1] === word).map((name) => name.slice(word.length));
}

/** How several names were counted. */
interface NameCounter {
  /** In the order in which they were counted: `1` to `12`, or `01` to `12`. */
  readonly numbers: ReadonlySet<string>;
  /** The length of what is random, if it is the same in all. */
  readonly randomLength?: number | undefined;
}

/** Names that begin with one word. */
interface NameSeries {
  readonly counter: NameCounter;
  /** The numbers that each may have, by what is behind the word. */
  readonly numbersOf: ReadonlyMap<string, readonly string[]>;
}

function findSeries(endings: readonly string[]): NameSeries | undefined {
  const counter = findCounter(endings);
  return counter && { counter, numbersOf: settleNumbers(endings, counter) };
}

/**
 * Whether the first digits of these are those of numbers that were counted, from 0 or 1 on. Of two random hexadecimal
 * digits, two pairs in a hundred are.
 */
function findCounter(endings: readonly string[]): NameCounter | undefined {
  if (endings.length < 2) return undefined;
  const firstDigits = sortFirstDigits(endings);
  const numbers = listCounts(endings.length).find((counted) => sortFirstDigits(counted) === firstDigits);
  return numbers && { numbers: new Set(numbers), randomLength: findRandomLength(endings, numbers) };
}

/** What may have been counted: from 0 or 1 on, with zeros before short numbers or without. */
function listCounts(count: number): readonly (readonly string[])[] {
  return [1, 0].flatMap((first) => {
    const numbers = Array.from({ length: count }, (_, at) => String(first + at));
    const width = Math.max(2, String(first + count - 1).length);
    return [numbers, numbers.map((number) => number.padStart(width, "0"))];
  });
}

function sortFirstDigits(texts: readonly string[]): string {
  return texts
    .map((text) => text.charAt(0))
    .sort()
    .join();
}

/** All endings are longer than their numbers by one length, the shortest than the shortest. */
function findRandomLength(endings: readonly string[], numbers: readonly string[]): number | undefined {
  const [lengths, ofNumbers] = [endings, numbers].map((texts) =>
    texts.map(({ length }) => length).sort(compareNumbers),
  );
  const [first = 0, ...others] = (lengths ?? []).map((length, at) => length - (ofNumbers?.[at] ?? 0));
  return others.every((length) => length === first) ? first : undefined;
}

function compareNumbers(one: number, other: number): number {
  return one - other;
}

/** The numbers that a name may have. */
function listNumbers(ending: string, { numbers, randomLength }: NameCounter): readonly string[] {
  const lengths = new Set([...numbers].map(({ length }) => length));
  const fits = (number: string): boolean => numbers.has(number) && isRandom(ending.slice(number.length), randomLength);
  return [...lengths].map((length) => ending.slice(0, length)).filter(fits);
}

/** Each number was given once: what only one name can have, or what only one is left for, is no other name's. */
function settleNumbers(endings: readonly string[], counter: NameCounter): ReadonlyMap<string, readonly string[]> {
  let numbers = new Map(endings.map((ending) => [ending, listNumbers(ending, counter)]));
  for (let left = Number.POSITIVE_INFINITY; countAll(numbers) < left; ) {
    left = countAll(numbers);
    const owners = countOwners(numbers.values());
    const taken = new Set([...numbers.values()].flatMap((own) => (own.length === 1 ? own : [])));
    numbers = new Map([...numbers].map(([ending, own]) => [ending, narrowNumbers(own, owners, taken)]));
  }
  return numbers;
}

function countAll(numbers: ReadonlyMap<string, readonly string[]>): number {
  return [...numbers.values()].reduce((sum, { length }) => sum + length, 0);
}

/** How many names may have each number. */
function countOwners(lists: Iterable<readonly string[]>): ReadonlyMap<string, number> {
  const owners = new Map<string, number>();
  for (const number of [...lists].flat()) owners.set(number, (owners.get(number) ?? 0) + 1);
  return owners;
}

function narrowNumbers(
  own: readonly string[],
  owners: ReadonlyMap<string, number>,
  taken: ReadonlySet<string>,
): readonly string[] {
  if (own.length < 2) return own;
  const onlyOwn = own.filter((number) => owners.get(number) === 1);
  return onlyOwn.length === 1 ? onlyOwn : own.filter((number) => !taken.has(number));
}

/** A decimal number has no zero before it, and 32 bits (go src/os/tempfile.go); one of a known length has that. */
function isRandom(rest: string, length: number | undefined): boolean {
  if (length !== undefined && rest.length === length) return true;
  return length === undefined && (/\D/.test(rest) || (/^[1-9]\d*$/.test(rest) && Number(rest) < 2 ** 32));
}
