import type { Deck } from "./deck/deck.ts";
import type { Playthrough } from "./playthrough.ts";
import { requestsOf, type Stalled, stallsOf } from "./report.ts";

/** How a replay stands. */
export interface State {
  /** In the order in which they are searched. */
  readonly cassettes: readonly CassetteState[];
  /** What was asked in vain. */
  readonly missed: readonly string[];
  /** Who plays beside the others. */
  readonly sessions: readonly string[];
}

export interface CassetteState {
  readonly cassette: string;
  readonly exchanges: number;
  readonly played: number;
  readonly unplayed: readonly string[];
  readonly stalled: readonly Stalled[];
  /** Published ports that are answered right now. */
  readonly ports: Deck["ports"]["open"];
}

export function stateOf({ rack, misses }: Playthrough, sessions: readonly string[]): State {
  return {
    cassettes: [...rack].map(cassetteState),
    missed: misses.map(({ method, target }) => `${method} ${target}`),
    sessions,
  };
}

function cassetteState(deck: Deck): CassetteState {
  return {
    cassette: deck.cassette.file,
    exchanges: deck.scenes.length,
    played: deck.playedScenes.size,
    unplayed: requestsOf(deck, deck.unplayed),
    stalled: stallsOf(deck).map((stalled) => ({ ...stalled, awaits: stalled.awaits.replaceAll("`", "") })),
    ports: deck.ports.open,
  };
}
