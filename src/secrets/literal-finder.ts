/** Finds many literals in one pass: what it costs does not depend on how many there are. Text is latin1. */
export class LiteralFinder {
  /** Marks the pairs of characters that a literal begins with. */
  readonly #pairs: Uint8Array = new Uint8Array(65_536);
  readonly #byPair = new Map<number, string[]>();

  /** @param literals of two characters or more */
  constructor(literals: Iterable<string>) {
    for (const literal of literals) this.#add(literal);
    for (const list of this.#byPair.values()) list.sort((a, b) => b.length - a.length);
  }

  /** Calls `onFound` for the longest literal at each place, from left to right. */
  find(text: string, onFound: (literal: string, at: number) => void): void {
    const pairs = this.#pairs;
    let last = text.charCodeAt(0);
    for (let at = 1; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const pair = ((last << 8) | code) & 0xffff;
      last = code;
      if (pairs[pair] === 0) continue;
      const literal = this.#byPair.get(pair)?.find((one) => text.startsWith(one, at - 1));
      if (literal !== undefined) onFound(literal, at - 1);
    }
  }

  #add(literal: string): void {
    const pair = (literal.charCodeAt(0) << 8) | literal.charCodeAt(1);
    this.#pairs[pair] = 1;
    const known = this.#byPair.get(pair);
    if (known === undefined) this.#byPair.set(pair, [literal]);
    else if (!known.includes(literal)) known.push(literal);
  }
}
