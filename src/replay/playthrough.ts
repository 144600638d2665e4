/**
 * Several clients may play the cassettes beside each other, each from the start. A playthrough has decks of its own,
 * and its own misses. Which one a call belongs to is told by a header, or by its connection; else it is the one of all.
 */
import type { Call } from "../session/call.ts";
import type { Connection } from "../session/connection.ts";
import { fieldValue } from "../wire/head.ts";
import type { Deck } from "./deck/deck.ts";
import { Rack } from "./deck/rack.ts";
import type { Miss } from "./miss.ts";

/** A request header: who says the same name plays the same playthrough. Docker's own clients can be made to send it. */
export const SESSION_HEADER = "Whalesong-Session";

export interface Playthrough {
  readonly rack: Rack;
  /** What was asked in vain. */
  readonly misses: Miss[];
}

/** The decks that may answer a call, in the order in which they are searched. */
export type DecksFor = (call: Call) => Iterable<Deck>;

/** The playthrough that a call belongs to. */
export type PlaythroughOf = (call: Call) => Playthrough;

export interface PlaythroughOptions {
  /** Every connection plays from the start, unless a header says otherwise. */
  readonly isPerConnection?: boolean;
}

export class Playthroughs {
  /** Of all calls that do not say otherwise. */
  readonly main: Playthrough;
  readonly #isPerConnection: boolean;
  readonly #named = new Map<string, Playthrough>();
  readonly #ofConnections = new Map<Connection, Playthrough>();

  constructor(decks: Iterable<Deck>, { isPerConnection = false }: PlaythroughOptions = {}) {
    this.main = { rack: new Rack(decks), misses: [] };
    this.#isPerConnection = isPerConnection;
  }

  readonly decksFor: DecksFor = (call) => this.of(call).rack;

  of(call: Call): Playthrough {
    const session = fieldValue(call.head.fields, SESSION_HEADER);
    if (session !== undefined) return this.#among(this.#named, session);
    return this.#isPerConnection ? this.#among(this.#ofConnections, call.connection) : this.main;
  }

  /** The one that the call names; undefined if it names none. */
  named(call: Call): Playthrough | undefined {
    const session = fieldValue(call.head.fields, SESSION_HEADER);
    return session === undefined ? undefined : this.#among(this.#named, session);
  }

  get all(): readonly Playthrough[] {
    return [this.main, ...this.#named.values(), ...this.#ofConnections.values()];
  }

  get sessions(): readonly string[] {
    return [...this.#named.keys()];
  }

  get decks(): readonly Deck[] {
    return this.all.flatMap(({ rack }) => [...rack]);
  }

  get misses(): readonly Miss[] {
    return this.all.flatMap(({ misses }) => misses);
  }

  /** As if nothing had been played by anybody. */
  async rewind(): Promise<void> {
    const others = this.all.slice(1);
    this.#named.clear();
    this.#ofConnections.clear();
    await rewind(this.main);
    await Promise.all(others.map(({ rack }) => closePorts(rack)));
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(({ rack }) => closePorts(rack)));
  }

  #among<Key>(known: Map<Key, Playthrough>, key: Key): Playthrough {
    const found = known.get(key);
    if (found !== undefined) return found;
    const playthrough = { rack: new Rack([...this.main.rack].map((deck) => deck.rewound())), misses: [] };
    known.set(key, playthrough);
    return playthrough;
  }
}

/** As if nothing had been played in it. */
export async function rewind({ rack, misses }: Playthrough): Promise<void> {
  misses.length = 0;
  await rack.rewind();
}

async function closePorts(rack: Rack): Promise<void> {
  await Promise.all([...rack].map(({ ports }) => ports.close()));
}
