import type { Deck } from "./deck.ts";

/** The inserted decks, in the order in which a call searches them. The list can change while clients are served. */
export class DeckList implements Iterable<Deck> {
  /** Replaced, never altered: a loop over the list sees it as it was when the loop began. */
  #decks: readonly Deck[];

  constructor(decks: Iterable<Deck> = []) {
    this.#decks = [...decks];
  }

  /** The list as it is now. */
  get all(): readonly Deck[] {
    return this.#decks;
  }

  [Symbol.iterator](): Iterator<Deck> {
    return this.#decks.values();
  }

  /** @param file the path under which the cassette was inserted */
  find(file: string): Deck | undefined {
    return this.#decks.find(({ cassette }) => cassette.file === file);
  }

  /** Adds the deck behind all others. */
  insert(deck: Deck): void {
    this.#decks = [...this.#decks, deck];
  }

  /** @param file the path under which the cassette was inserted */
  async eject(file: string): Promise<void> {
    const deck = this.find(file);
    this.#decks = this.#decks.filter((other) => other !== deck);
    await deck?.ports.close();
  }

  /** Replaces each deck by one of which nothing has been played. What is playing now goes on, from the old decks. */
  async rewind(): Promise<void> {
    const before = this.#decks;
    this.#decks = before.map((deck) => deck.createCopy());
    await Promise.all(before.map(({ ports }) => ports.close()));
  }
}
