/**
 * Recorded values that stand for others today: a random name, a session's id. In requests, today's value becomes the
 * recorded one before anything is compared. In responses, the recorded value becomes today's. Only whole words count.
 */
import type { ValuePair } from "./value-pairs.ts";

/** One direction of the bindings, with the expression that finds its words. */
interface Direction {
  readonly words: Map<string, string>;
  expression: RegExp | undefined;
}

export class Bindings {
  readonly #toToday: Direction = { words: new Map(), expression: undefined };
  readonly #toRecorded: Direction = { words: new Map(), expression: undefined };
  /** The same words in UTF-8, each byte as one character. */
  readonly #toTodayLatin1: Direction = { words: new Map(), expression: undefined };

  #version = 0;

  get isEmpty(): boolean {
    return this.#toToday.words.size === 0;
  }

  /** How many values are bound. */
  get size(): number {
    return this.#toToday.words.size;
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  get pairs(): readonly ValuePair[] {
    return [...this.#toToday.words];
  }

  /**
   * Whether the pairs agree with each other and with all that is bound. One value stands for one value, and none stands
   * for a value that stands for another one itself: recorded text and today's could not be told apart any more.
   */
  canBind(pairs: readonly ValuePair[]): boolean {
    const [today, recorded] = [new Map(this.#toToday.words), new Map(this.#toRecorded.words)];
    return pairs.every(([was, is]) => {
      const isKnown = today.get(was) === is;
      const isFree = !today.has(was) && !recorded.has(is) && !this.#isTaken(was, is) && was !== "" && is !== "";
      today.set(was, is);
      recorded.set(is, was);
      return isKnown || isFree;
    });
  }

  #isTaken(was: string, is: string): boolean {
    return this.#toToday.words.has(is) || this.#toRecorded.words.has(was);
  }

  bind(pairs: readonly ValuePair[]): void {
    for (const [was, is] of pairs) this.#set(was, is);
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

  #set(was: string, is: string): void {
    if (was === is) return;
    this.#toToday.words.set(was, is);
    this.#toRecorded.words.set(is, was);
    this.#toTodayLatin1.words.set(toLatin1(was), toLatin1(is));
  }

  #unset(was: string): void {
    const is = this.#toToday.words.get(was);
    if (is !== undefined && this.#toRecorded.words.get(is) === was) this.#toRecorded.words.delete(is);
    this.#toToday.words.delete(was);
    this.#toTodayLatin1.words.delete(toLatin1(was));
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

function translateWords(text: string, direction: Direction): string {
  if (direction.words.size === 0) return text;
  direction.expression ??= createExpression([...direction.words.keys()]);
  return text.replace(direction.expression, (word) => direction.words.get(word) as string);
}

/** A word may begin behind a character that is in no word, and behind `\n` or `\u003c`, as JSON escapes such a character. */
const BEGINNING = String.raw`(?<=^|[^A-Za-z0-9]|(?<!\\)(?:\\\\)*\\(?:[bfnrt]|u[0-9a-fA-F]{4}))`;

/** Whole words only, longer ones first: `web` is not found within `website`. */
function createExpression(words: readonly string[]): RegExp {
  const sorted = [...words].sort((a, b) => b.length - a.length);
  const escaped = sorted.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`${BEGINNING}(?:${escaped.join("|")})(?![A-Za-z0-9])`, "g");
}
