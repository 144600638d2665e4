/**
 * Stems that a client makes up once in a run and builds several names around: `x<stem>tty`, `x<stem>vol`, `net-b<stem>`.
 * A single name does not tell where its stem begins and ends; several names of one recording do, for the stem is what
 * they share. It is bound as a part of words, so that the first name of today settles all others.
 */
import { countSharedCharacters, isHex, isTimestamp } from "./generated-values.ts";
import { isRandomDecimal } from "./temporary-names.ts";
import type { ValuePair } from "./value-pair.ts";

/** The characters that a number is printed in, and how a client makes up such numbers. */
export interface StemGrammar {
  /** What makes such stems. */
  readonly maker: string;
  /** Where its grammar is defined. */
  readonly source: string;
  /** Finds the stem in what the names share. */
  readonly pattern: RegExp;
  /** It has letters that words have. @default false */
  readonly hasLetters?: boolean;
  /** Whether a recorded one is made up, and not given. @param count how many names share it */
  readonly isMadeUp: (stem: string, count: number) => boolean;
  /** Whether today's can be the recorded one, made up anew. */
  readonly isOfKind: (recorded: string, today: string) => boolean;
}

/** A recorded stem. */
export interface NameStem {
  readonly text: string;
  readonly grammar: StemGrammar;
}

/** A git commit has 40 digits: a digest tells the content of a thing. */
const HEX = /(?<![0-9a-f])[0-9a-f]{6,39}(?![0-9a-f])/;
/** A stem of fewer characters needs more evidence, and so does one that has its digits together: several names. */
const SHORT = 8;
const SEVERAL = 3;
/** So long a number may well have letters in it that read as a word. */
const LONG = 16;
/** What names have beside letters: years, versions, `2` for "to" and `4` for "for", sizes, architectures, what was counted. */
const USUAL_NUMBERS =
  /(?:19|20)\d\d|v\d|[a-z]{2}[24][a-z]{2}|32|64|86|128|256|512|0123|1234|2345|3456|4567|5678|6789|(\d)\1\1|000$/;

/** What a person types in place of a number. */
const COUNTED = /01234|12345|23456|34567|45678|56789|(\d)\1{3}/;

/** The order matters: a stem is taken by the first grammar that it has. */
export const STEM_GRAMMARS: readonly StemGrammar[] = [
  {
    maker: "the time: `date +%s`, Date.now(), time.Now().UnixNano()",
    source: "POSIX date(1); ECMA-262, Date.now; go src/time/time.go",
    pattern: /(?<!\d)\d{10}(?:\d{3}){0,3}(?!\d)/,
    isMadeUp: isTimestamp,
    isOfKind: (recorded, today) => recorded.length === today.length && isTimestamp(today),
  },
  {
    maker:
      "a hexadecimal number: `od -An -N4 -tx4 /dev/urandom`, `openssl rand -hex 4`, secrets.token_hex, a uuid's first group",
    source: "POSIX od(1); openssl-rand(1); cpython Lib/secrets.py; RFC 9562, 4",
    pattern: HEX,
    isMadeUp: isMadeUpHex,
    isOfKind: (recorded, today) =>
      recorded.length === today.length && /^[0-9a-f]+$/.test(today) && areUnlike(recorded, today),
  },
  {
    maker: "a decimal number: `$RANDOM$RANDOM`, Go's rand.Int31, one of hexadecimal that happens to have no letter",
    source: "bash(1), RANDOM: 0 to 32767; go src/math/rand/rand.go",
    pattern: /(?<!\d)\d{8,10}(?!\d)/,
    isMadeUp: (stem) => isRandomDecimal(stem) && new Set(stem).size > 4 && !COUNTED.test(stem),
    isOfKind: isDecimalOrHex,
  },
  {
    maker: "a number of base 36: Math.random().toString(36), Python's random.choices(ascii_lowercase + digits)",
    source: "ECMA-262, Number.prototype.toString; cpython Lib/random.py",
    pattern: /[a-z0-9]{8,25}/,
    hasLetters: true,
    isMadeUp: isMadeUpBase36,
    isOfKind: (recorded, today) =>
      recorded.length === today.length && /^[a-z0-9]+$/.test(today) && areUnlike(recorded, today),
  },
];

function isMadeUpHex(stem: string, count: number): boolean {
  const isShort = stem.length < SHORT;
  if (!/\d/.test(stem) || !/[a-f]/.test(stem) || isGivenNumber(stem)) return false;
  if (stem.length < LONG && hasWord(stem)) return false;
  if (!isShort && isHex(stem)) return true;
  const isVaried = new Set(stem).size > (isShort ? 3 : 4) && countPieces(stem) >= (isShort ? 3 : 2);
  return isVaried && count >= SEVERAL && !USUAL_NUMBERS.test(stem);
}

/** A date, a size or a round number behind letters that can be digits, or before them: `e104857600`, `be20261128`. */
function isGivenNumber(stem: string): boolean {
  const digits = /^[a-f]*0*([1-9]\d{4,9})[a-f]*$/.exec(stem)?.[1];
  if (digits === undefined) return false;
  return digits.length > 5 ? !isRandomDecimal(digits) : Number(digits) % 1024 === 0 || digits.endsWith("00");
}

/** Letters and digits in turn, more often than in `html5css3`, and no word among them. */
function isMadeUpBase36(stem: string): boolean {
  const inner = /\d.*\d/.exec(stem)?.[0] ?? "";
  const isPlain = hasWord(inner) || USUAL_NUMBERS.test(stem);
  return !isPlain && stem.length >= SHORT && countPieces(stem) > 4;
}

/** Words are pronounced: no four consonants in a row. */
function hasWord(text: string): boolean {
  return (text.match(/[a-z]{4,}/g) ?? []).some((run) => /[aeiouy]/.test(run) && !/[^aeiouy]{4}/.test(run));
}

/** Runs of letters, and of digits. */
function countPieces(text: string): number {
  return text.match(/[a-z]+|\d+/g)?.length ?? 0;
}

function isDecimalOrHex(recorded: string, today: string): boolean {
  const isHexOfLength = recorded.length === today.length && /^[0-9a-f]+$/.test(today);
  const isUint32 = /^(?:0|[1-9]\d{4,9})$/.test(today) && Number(today) < 2 ** 32;
  return (isHexOfLength || isUint32) && areUnlike(recorded, today);
}

/** What differs is most of it: a counter that went up and a value that was edited share most characters. */
function areUnlike(one: string, other: string): boolean {
  return countSharedCharacters(one, other) * 2 < one.length;
}

/** How many characters names have to share, and how many names are searched. */
const GRAM = 6;
const SEARCHED = 20_000;
/** Names that show how far what is shared goes. */
const COMPARED = 50;
/** An id of the daemon is no name, and a digest tells the content. */
const ID = /^(?:[0-9a-f]{12}|[0-9a-f]{40,})$/;

/**
 * The stems that several names of one recording share.
 * @param texts names and paths of recorded requests
 * @returns the longest first
 */
export function collectNameStems(texts: Iterable<string>): readonly NameStem[] {
  const stems = new Map<string, NameStem>();
  for (const [shared, count] of findSharedParts(listWords(texts))) {
    const stem = findStem(shared, count);
    if (stem !== undefined) stems.set(stem.text, stem);
  }
  const all = [...stems.values()];
  const isWider = ({ text }: NameStem): boolean =>
    all.some((other) => other.text !== text && text.includes(other.text));
  return all.filter((stem) => !isWider(stem)).sort((one, other) => other.text.length - one.text.length);
}

function listWords(texts: Iterable<string>): readonly string[] {
  const words = new Set<string>();
  for (const text of texts) {
    for (const word of text.split(/[^A-Za-z0-9]+/)) {
      if (word.length >= GRAM && word.length < 64 && /\d/.test(word) && !ID.test(word)) words.add(word);
    }
    if (words.size >= SEARCHED) break;
  }
  return [...words];
}

/** What several words share, and how many do. */
function findSharedParts(words: readonly string[]): ReadonlyMap<string, number> {
  const parts = new Map<string, number>();
  for (const [gram, having] of groupByGram(words)) {
    if (having.length > 1) parts.set(widen(gram, having.slice(0, COMPARED)), having.length);
  }
  return parts;
}

function groupByGram(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const word of words) {
    for (const gram of new Set(listGrams(word))) {
      const group = groups.get(gram);
      if (group === undefined) groups.set(gram, [word]);
      else group.push(word);
    }
  }
  return groups;
}

function listGrams(word: string): readonly string[] {
  const grams = Array.from({ length: word.length - GRAM + 1 }, (_, at) => word.slice(at, at + GRAM));
  return grams.filter((gram) => /^[a-z0-9]*\d[a-z0-9]*$/.test(gram));
}

/** The same with all that stands before it and behind it in each of the words. */
function widen(gram: string, words: readonly string[]): string {
  const [first = "", ...others] = words
    .map((word) => [word, word.indexOf(gram)] as const)
    .map(([word, at]) => ({ word, at }));
  if (first === "") return gram;
  const isCommon = (offset: number): boolean => {
    const character = first.word[first.at + offset];
    return character !== undefined && others.every(({ word, at }) => word[at + offset] === character);
  };
  let [start, end] = [0, gram.length];
  while (isCommon(start - 1)) start -= 1;
  while (isCommon(end)) end += 1;
  return first.word.slice(first.at + start, first.at + end);
}

function findStem(shared: string, count: number): NameStem | undefined {
  for (const grammar of STEM_GRAMMARS) {
    const found = grammar.pattern.exec(shared)?.[0] ?? "";
    const text = grammar.hasLetters === true ? dropWords(found) : found;
    if (text !== "" && grammar.isMadeUp(text, count)) return { text, grammar };
  }
  return undefined;
}

/** Names may share a word, too: `test` in `testnh62kx0q`. Two of its letters, at most, are left with the stem. */
function dropWords(text: string): string {
  const [before = "", behind = ""] = [/^[a-z]{4,}(?=.*\d)/, /(?<=\d.*)[a-z]{4,}$/].map((run) => run.exec(text)?.[0]);
  const isWord = (run: string): boolean => /[aeiouy]/.test(run);
  const [start, end] = [isWord(before) ? before.length - 2 : 0, isWord(behind) ? behind.length - 2 : 0];
  return text.slice(start, text.length - end);
}

/** Whether two words can be one name around two stems. To find the stems takes long, and few words need them. */
export function canHaveStem([recorded, today]: ValuePair): boolean {
  return recorded !== today && recorded.length >= GRAM && /\d/.test(recorded);
}

/**
 * What stands for a stem in today's word, if the word is the recorded one built around another stem.
 * @returns undefined where the recorded word has no stem; `other` where today's is another name
 */
export function pairNameStem(
  [recorded, today]: ValuePair,
  stems: readonly NameStem[],
): ValuePair | "other" | undefined {
  const frames = stems.flatMap((stem) => findFrame(recorded, stem));
  const pairs = frames.flatMap((frame) => pairFramed(frame, today));
  return pairs[0] ?? (frames.some(isGivenFrame) ? "other" : undefined);
}

/** A stem in its word. */
interface FramedStem extends NameStem {
  readonly before: string;
  readonly behind: string;
}

/** Of two numbers that follow each other, such as times, the first digits are no stem. */
function findFrame(word: string, stem: NameStem): readonly FramedStem[] {
  const at = word.indexOf(stem.text);
  const [before, behind] = [word.slice(0, at), word.slice(at + stem.text.length)];
  const isCutNumber = /^\d+$/.test(stem.text) && /^\d/.test(behind);
  return at === -1 || isCutNumber ? [] : [{ ...stem, before, behind }];
}

function pairFramed({ text, grammar, before, behind }: FramedStem, today: string): readonly ValuePair[] {
  const todays = today.slice(before.length, today.length - behind.length);
  const isAround = today.startsWith(before) && today.endsWith(behind) && before.length + behind.length < today.length;
  if (!isAround || !grammar.isOfKind(text, todays)) return [];
  return [before === "" && behind === "" ? [text, todays] : [text, todays, "part"]];
}

/** Words and short numbers are given. What is random itself may have been made up together with the stem: a ULID's time. */
function isGivenFrame({ before, behind }: FramedStem): boolean {
  return before + behind !== "" && [before, behind].every((part) => /^[A-Za-z]*\d{0,2}$/.test(part));
}
