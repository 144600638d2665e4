import type { Deck } from "./deck.ts";

/** The decks that are inserted, in the order in which they are searched. It changes while it is played from. */
export class Rack implements Iterable<Deck> {
  /** Never altered, only replaced: whoever goes through it sees it as it was. */
  #decks: readonly Deck[];

  constructor(decks: Iterable<Deck> = []) {
    this.#decks = [...decks];
  }

  [Symbol.iterator](): Iterator<Deck> {
    return this.#decks.values();
  }

  /** The deck of this cassette, by the path that it was inserted under. */
  find(file: string): Deck | undefined {
    return this.#decks.find(({ cassette }) => cassette.file === file);
  }

  /** Searched after all others. */
  insert(deck: Deck): void {
    this.#decks = [...this.#decks, deck];
  }

  async eject(file: string): Promise<void> {
    const deck = this.find(file);
    this.#decks = this.#decks.filter((other) => other !== deck);
    await deck?.ports.close();
  }

  /** As if nothing had been played. What is being played goes on, from decks that are not here any more. */
  async rewind(): Promise<void> {
    const played = this.#decks;
    this.#decks = played.map((deck) => deck.rewound());
    await Promise.all(played.map(({ ports }) => ports.close()));
  }
}
