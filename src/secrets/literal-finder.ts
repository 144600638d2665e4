/** Finds many literals in one pass: what it costs does not depend on how many there are. Text is latin1. */

/** Of the last three characters: each takes five bits, and what is older has been shifted out. */
const TRIGRAMS = 0x8000;

export function addToTrigram(trigram: number, code: number): number {
  return ((trigram << 5) ^ code) & (TRIGRAMS - 1);
}

/** Marks trigrams that are worth a second look; others may collide with them. */
export function createTrigramTable(): Uint8Array {
  return new Uint8Array(TRIGRAMS);
}

/** Larger texts are rare, and get bytes of their own. */
const SHARED_SIZE = 256 * 1024;
const shared = Buffer.allocUnsafe(SHARED_SIZE);

/** Bytes are read three times as fast as characters are. They last until the next call. */
export function readLatin1(text: string): Uint8Array {
  if (text.length > SHARED_SIZE) return Buffer.from(text, "latin1");
  shared.write(text, 0, "latin1");
  return shared;
}

export class LiteralFinder {
  /** Marks the three characters that a literal begins with. */
  readonly #table: Uint8Array = createTrigramTable();
  readonly #byTrigram = new Map<number, string[]>();

  /** @param literals of three characters or more */
  constructor(literals: Iterable<string>) {
    for (const literal of literals) this.#add(literal);
    for (const list of this.#byTrigram.values()) list.sort((a, b) => b.length - a.length);
  }

  /** Calls `onFound` for the longest literal at each place, from left to right. */
  find(text: string, onFound: (literal: string, at: number) => void): void {
    const [bytes, table] = [readLatin1(text), this.#table];
    let trigram = 0;
    for (let at = 0; at < text.length; at += 1) {
      trigram = addToTrigram(trigram, bytes[at] as number);
      if (table[trigram] === 0 || at < 2) continue;
      const literal = this.#byTrigram.get(trigram)?.find((one) => text.startsWith(one, at - 2));
      if (literal !== undefined) onFound(literal, at - 2);
    }
  }

  #add(literal: string): void {
    const trigram = [...literal.slice(0, 3)].reduce((last, one) => addToTrigram(last, one.charCodeAt(0)), 0);
    this.#table[trigram] = 1;
    const known = this.#byTrigram.get(trigram);
    if (known === undefined) this.#byTrigram.set(trigram, [literal]);
    else if (!known.includes(literal)) known.push(literal);
  }
}
