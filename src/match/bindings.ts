/**
 * Recorded values that stand for others today: a random name, a session's id. In requests, today's value becomes the
 * recorded one before anything is compared. In responses, the recorded value becomes today's. Only whole words count.
 */
import { escapePattern } from "../base/escape-pattern.ts";
import { WordFinder } from "../base/word-finder.ts";
import { isTimestamp } from "./generated/generated-values.ts";
import type { ValuePair } from "./generated/value-pair.ts";

/** One direction of the bindings, with the expression that finds what is bound. */
interface Direction {
  readonly words: Map<string, string>;
  /** What is bound within words. */
  readonly parts: Map<string, string>;
  expression: RegExp | undefined;
  /** Those words that a `WordFinder` does not find. */
  readonly oddWords: Set<string>;
  /** Finds the words once there are many; `expression` has only the others then. */
  finder: WordFinder | undefined;
}

/** An expression of more words takes longer, as it is compiled anew for each that is bound. */
const MANY = 50;

export class Bindings {
  readonly #toToday: Direction = createDirection();
  readonly #toRecorded: Direction = createDirection();
  /** The same words in UTF-8, each byte as one character. */
  readonly #toTodayLatin1: Direction = createDirection();

  #version = 0;

  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** How many values are bound. */
  get size(): number {
    return this.#toToday.words.size + this.#toToday.parts.size;
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  get pairs(): readonly ValuePair[] {
    const { words, parts } = this.#toToday;
    return [...words, ...[...parts].map(([was, is]): ValuePair => [was, is, "part"])];
  }

  /**
   * Whether the pairs agree with each other and with all that is bound. One value stands for one value, and none stands
   * for a value that stands for another one itself: recorded text and today's could not be told apart any more.
   */
  canBind(pairs: readonly ValuePair[]): boolean {
    const [today, recorded] = [new Map<string, string>(), new Map<string, string>()];
    return pairs.every(([was, is]) => {
      const todays = today.get(was) ?? findBound(this.#toToday, was);
      const isKnown = todays === is;
      const isBound = todays !== undefined || recorded.has(is) || findBound(this.#toRecorded, is) !== undefined;
      const isFree = !isBound && !this.#isTaken(was, is) && was !== "" && is !== "";
      today.set(was, is);
      recorded.set(is, was);
      return isKnown || isFree;
    });
  }

  #isTaken(was: string, is: string): boolean {
    return (
      [this.#toToday.words, this.#toToday.parts].some((bound) => bound.has(is)) ||
      [this.#toRecorded.words, this.#toRecorded.parts].some((bound) => bound.has(was))
    );
  }

  bind(pairs: readonly ValuePair[]): void {
    for (const [was, is, extent] of pairs) this.#set(was, is, extent === "part" ? "parts" : "words");
    this.#note();
  }

  /**
   * Two recorded values change places: what stands for the one today stands for the other from now on.
   * @param isClients a client generates the values: where none stands for one of them yet, none will for the other one
   */
  swap([one, other]: ValuePair, isClients: boolean): void {
    const [today, otherToday] = [this.#toToday.words.get(one), this.#toToday.words.get(other)];
    for (const word of [one, other]) this.#unset(word);
    if (!isClients || otherToday !== undefined) this.#set(one, otherToday ?? other);
    if (!isClients || today !== undefined) this.#set(other, today ?? one);
    this.#note();
  }

  #set(was: string, is: string, extent: "words" | "parts" = "words"): void {
    if (was === is) return;
    putBound(this.#toToday, extent, was, is);
    putBound(this.#toRecorded, extent, is, was);
    putBound(this.#toTodayLatin1, extent, toLatin1(was), toLatin1(is));
  }

  #unset(was: string): void {
    const is = this.#toToday.words.get(was);
    if (is !== undefined && this.#toRecorded.words.get(is) === was) removeWord(this.#toRecorded, is);
    removeWord(this.#toToday, was);
    removeWord(this.#toTodayLatin1, toLatin1(was));
  }

  #note(): void {
    this.#version += 1;
    for (const direction of [this.#toToday, this.#toRecorded, this.#toTodayLatin1]) direction.expression = undefined;
  }

  /** Today's text, with recorded values in the place of today's. */
  toRecorded(text: string): string {
    return translateWords(text, this.#toRecorded);
  }

  /** Recorded text, with today's values in the place of recorded ones. */
  toToday(text: string): string {
    return translateWords(text, this.#toToday);
  }

  /** The same for bytes, given and returned as latin1 text. Bytes that are no text stay as they are. */
  toTodayLatin1(latin1: string): string {
    return translateWords(latin1, this.#toTodayLatin1);
  }
}

function toLatin1(word: string): string {
  return Buffer.from(word).toString("latin1");
}

function createDirection(): Direction {
  return { words: new Map(), parts: new Map(), expression: undefined, oddWords: new Set(), finder: undefined };
}

/** One value has one counterpart, as a word and as a part of words. */
function findBound({ words, parts }: Direction, value: string): string | undefined {
  return words.get(value) ?? parts.get(value);
}

function putBound(direction: Direction, extent: "words" | "parts", value: string, counterpart: string): void {
  direction[extent].set(value, counterpart);
  if (extent === "parts") return;
  if (WordFinder.canFind(value)) direction.finder?.add(value);
  else direction.oddWords.add(value);
}

function removeWord(direction: Direction, word: string): void {
  direction.words.delete(word);
  direction.oddWords.delete(word);
  direction.finder?.delete(word);
}

function translateWords(text: string, direction: Direction): string {
  const { words, parts } = direction;
  if (words.size + parts.size === 0) return text;
  const replace = (word: string): string => findBound(direction, word) as string;
  if (words.size > MANY) {
    direction.finder ??= createFinder(words.keys());
    direction.expression ??= createExpression(direction.oddWords, parts);
    return direction.finder.replace(text, replace, direction.expression);
  }
  direction.expression ??= createExpression(words.keys(), parts);
  return text.replace(direction.expression, replace);
}

/** A word may begin behind a character that is in no word, and behind `\n` or `\u003c`, as JSON escapes such a character. */
const BEGINNING = String.raw`(?<=^|[^A-Za-z0-9]|(?<!\\)(?:\\\\)*\\(?:[bfnrt]|u[0-9a-fA-F]{4}))`;

function createFinder(words: Iterable<string>): WordFinder {
  const finder = new WordFinder(BEGINNING);
  for (const word of words) if (WordFinder.canFind(word)) finder.add(word);
  return finder;
}

/** Whole words, longer ones first: `web` is not found within `website`. Then parts of words. */
function createExpression(words: Iterable<string>, parts: ReadonlyMap<string, string>): RegExp {
  const escaped = sortByLength(words).map(escapePattern);
  const whole = escaped.length === 0 ? [] : [`${BEGINNING}(?:${escaped.join("|")})(?![A-Za-z0-9])`];
  const places = [...whole, ...sortByLength(parts.keys()).flatMap(listPlaces)];
  return places.length === 0 ? NOTHING : new RegExp(places.join("|"), "g");
}

const NOTHING = /(?!)/g;

/**
 * Where a part of a word may stand: a number not within a longer one, which is an id, a digest or a finer time; one that
 * reads as a time not alone, for the daemon has times, too.
 */
function listPlaces(part: string): readonly string[] {
  if (isTimestamp(part)) return [`(?<=[A-Za-z0-9])${part}(?!\\d)`, `(?<!\\d)${part}(?=[A-Za-z])`];
  if (/^\d+$/.test(part)) return [`${part}(?!\\d)`];
  return /^[0-9a-f]+$/.test(part) ? [`(?<![0-9a-f])${part}`, `${part}(?![0-9a-f])`] : [part];
}

function sortByLength(texts: Iterable<string>): readonly string[] {
  return [...texts].sort((a, b) => b.length - a.length);
}
