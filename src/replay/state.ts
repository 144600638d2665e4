/** The state of a replay, as the control paths answer it. */
import type { Deck } from "./deck/deck.ts";
import type { ReplaySession } from "./replay-sessions.ts";
import { formatRequests, listStalls, type StalledStream } from "./report.ts";

export interface ReplayState {
  /** In the order in which they are searched. */
  readonly cassettes: readonly CassetteState[];
  /** Requests that no recorded exchange answered. */
  readonly missed: readonly string[];
  /** The names of all sessions. */
  readonly sessions: readonly string[];
}

export interface CassetteState {
  readonly cassette: string;
  readonly exchanges: number;
  readonly played: number;
  readonly unplayed: readonly string[];
  readonly stalled: readonly StalledStream[];
  /** Published ports that listen right now. */
  readonly ports: Deck["ports"]["open"];
}

export function createState({ decks, misses }: ReplaySession, sessions: readonly string[]): ReplayState {
  return {
    cassettes: [...decks].map(createCassetteState),
    missed: misses.map(({ method, target }) => `${method} ${target}`),
    sessions,
  };
}

function createCassetteState(deck: Deck): CassetteState {
  return {
    cassette: deck.cassette.file,
    exchanges: deck.exchanges.length,
    played: deck.playedExchanges.size,
    unplayed: formatRequests(deck, deck.unplayed.list()),
    stalled: listStalls(deck).map((stalled) => ({ ...stalled, awaits: stalled.awaits.replaceAll("`", "") })),
    ports: deck.ports.open,
  };
}
