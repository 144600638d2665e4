/**
 * Recorded values that stand for others today: a random name, a session's id. Wherever a whole word of today's stands
 * in a request, the recorded one is meant; wherever the recorded one stands in an answer, today's is said.
 */
import type { Pair } from "./random.ts";

/** One direction of the bindings, with the expression that finds its words. */
interface Direction {
  readonly words: Map<string, string>;
  expression: RegExp | undefined;
}

export class Bindings {
  readonly #toToday: Direction = { words: new Map(), expression: undefined };
  readonly #toRecorded: Direction = { words: new Map(), expression: undefined };
  /** The same words as their UTF-8 spells them, each byte a character. */
  readonly #bytesToToday: Direction = { words: new Map(), expression: undefined };

  get isEmpty(): boolean {
    return this.#toToday.words.size === 0;
  }

  get pairs(): readonly Pair[] {
    return [...this.#toToday.words];
  }

  /**
   * Whether the pairs agree with each other and with all that is bound: one value stands for one value, and none for
   * one that stands for another itself. What is said in the recording's words cannot be told from today's any more.
   */
  canBind(pairs: readonly Pair[]): boolean {
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

  bind(pairs: readonly Pair[]): void {
    for (const [was, is] of pairs) {
      this.#toToday.words.set(was, is);
      this.#toRecorded.words.set(is, was);
      this.#bytesToToday.words.set(bytesOf(was), bytesOf(is));
    }
    for (const direction of [this.#toToday, this.#toRecorded, this.#bytesToToday]) direction.expression = undefined;
  }

  /** Text of today in the recording's words. */
  toRecorded(text: string): string {
    return translated(text, this.#toRecorded);
  }

  /** Recorded text in today's words. */
  toToday(text: string): string {
    return translated(text, this.#toToday);
  }

  /** Recorded bytes, spelled in latin1, in today's words. Bytes that are no text stay what they are. */
  bytesToToday(latin1: string): string {
    return translated(latin1, this.#bytesToToday);
  }
}

function bytesOf(word: string): string {
  return Buffer.from(word).toString("latin1");
}

function translated(text: string, direction: Direction): string {
  if (direction.words.size === 0) return text;
  direction.expression ??= expressionOf([...direction.words.keys()]);
  return text.replace(direction.expression, (word) => direction.words.get(word) as string);
}

/** Where a word may begin: behind what is in no word, and behind `\n` or `\u003c`, as JSON spells such. */
const BEGINNING = String.raw`(?<=^|[^A-Za-z0-9]|(?<!\\)(?:\\\\)*\\(?:[bfnrt]|u[0-9a-fA-F]{4}))`;

/** Whole words only, longer ones first: `web` is not meant within `website`. */
function expressionOf(words: readonly string[]): RegExp {
  const sorted = [...words].sort((a, b) => b.length - a.length);
  const escaped = sorted.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`${BEGINNING}(?:${escaped.join("|")})(?![A-Za-z0-9])`, "g");
}
