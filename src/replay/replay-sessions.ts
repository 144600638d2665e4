/**
 * Several clients may play the cassettes beside each other, each from the start. A session has its own decks and its own
 * misses. A header names the session of a call; a call without it belongs to its connection's session, or to the main one.
 */
import type { Call } from "../session/call.ts";
import type { Connection } from "../session/connection.ts";
import { findFieldValue } from "../wire/http/head.ts";
import type { Deck } from "./deck/deck.ts";
import { DeckList } from "./deck/deck-list.ts";
import type { Miss } from "./miss.ts";

/** A request header: clients that send the same name share a session. Docker's own clients can be made to send it. */
export const SESSION_HEADER = "Whalesong-Session";

/** What one session plays: its decks, and what they could not answer. */
export interface ReplaySession {
  readonly decks: DeckList;
  /** The requests that no recorded exchange answered. */
  readonly misses: Miss[];
}

/** The decks that may answer a call, in the order in which they are searched. */
export type DecksForCall = (call: Call) => Iterable<Deck>;

/** The session that a call belongs to. */
export type SessionForCall = (call: Call) => ReplaySession;

export interface ReplaySessionsOptions {
  /**
   * Every connection plays from the start, unless a header names a session.
   * @default false
   */
  readonly isPerConnection?: boolean;
}

/** The sessions of a replay: the main one, those that clients name, and one per connection where options ask for it. */
export class ReplaySessions {
  /** The session of every call that names none. */
  readonly main: ReplaySession;
  readonly #isPerConnection: boolean;
  readonly #named = new Map<string, ReplaySession>();
  readonly #byConnection = new Map<Connection, ReplaySession>();

  constructor(decks: Iterable<Deck>, { isPerConnection = false }: ReplaySessionsOptions = {}) {
    this.main = { decks: new DeckList(decks), misses: [] };
    this.#isPerConnection = isPerConnection;
  }

  readonly decksFor: DecksForCall = (call) => this.findForCall(call).decks.all;

  findForCall(call: Call): ReplaySession {
    const named = this.findNamed(call);
    if (named !== undefined) return named;
    return this.#isPerConnection ? this.#findOrCreate(this.#byConnection, call.connection) : this.main;
  }

  /** The session that the call's header names; undefined where it names none. */
  findNamed(call: Call): ReplaySession | undefined {
    const name = findFieldValue(call.head.fields, SESSION_HEADER);
    return name === undefined ? undefined : this.#findOrCreate(this.#named, name);
  }

  get all(): readonly ReplaySession[] {
    return [this.main, ...this.#named.values(), ...this.#byConnection.values()];
  }

  get names(): readonly string[] {
    return [...this.#named.keys()];
  }

  get allDecks(): readonly Deck[] {
    return this.all.flatMap(({ decks }) => [...decks]);
  }

  get allMisses(): readonly Miss[] {
    return this.all.flatMap(({ misses }) => misses);
  }

  /** Rewinds the main session and drops all others: the next call that names one starts it anew. */
  async rewind(): Promise<void> {
    const others = this.all.slice(1);
    this.#named.clear();
    this.#byConnection.clear();
    await rewindSession(this.main);
    await Promise.all(others.map(({ decks }) => closePorts(decks)));
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(({ decks }) => closePorts(decks)));
  }

  #findOrCreate<Key>(known: Map<Key, ReplaySession>, key: Key): ReplaySession {
    const existing = known.get(key);
    if (existing !== undefined) return existing;
    const session = { decks: new DeckList([...this.main.decks].map((deck) => deck.createCopy())), misses: [] };
    known.set(key, session);
    return session;
  }
}

/** Starts the session from the beginning. */
export async function rewindSession({ decks, misses }: ReplaySession): Promise<void> {
  misses.length = 0;
  await decks.rewind();
}

async function closePorts(decks: DeckList): Promise<void> {
  await Promise.all([...decks].map(({ ports }) => ports.close()));
}
