/** What of a cassette no client requested. */
import type { PlacedExchange } from "../history/place-exchanges.ts";
import { isSignal } from "./change-queue.ts";
import type { ExchangeIndex } from "./exchange-index.ts";
import type { IndexEntry } from "./path-entries.ts";

export class UnplayedExchanges {
  readonly #exchanges: readonly PlacedExchange[];
  readonly #index: ExchangeIndex;
  /** Grows during the run: what has been played. */
  readonly #played: ReadonlySet<PlacedExchange>;
  /** All changes before this one have been played. */
  #from = 0;

  constructor(exchanges: readonly PlacedExchange[], index: ExchangeIndex, played: ReadonlySet<PlacedExchange>) {
    this.#exchanges = exchanges;
    this.#index = index;
    this.#played = played;
  }

  /** Changes and streams that no client requested, and one read of each key that no client requested. */
  list(): readonly PlacedExchange[] {
    const unread = [...this.#index.entries].flatMap(listUnread);
    const unplayed = this.#exchanges.filter(
      (placed) => (placed.role === "change" || placed.role === "long") && this.#isUnplayed(placed),
    );
    return [...new Set([...unplayed, ...unread])].sort((a, b) => a.requestedAt - b.requestedAt);
  }

  /** What was played may count as unplayed again. */
  recount(): void {
    this.#from = 0;
  }

  /** The first change that no client requested. What is played stays played, so it is looked for from the last one on. */
  findNextChange(): PlacedExchange | undefined {
    const exchanges = this.#exchanges;
    const isNext = (placed: PlacedExchange): boolean => placed.role === "change" && this.#isUnplayed(placed);
    while (this.#from < exchanges.length && !isNext(exchanges[this.#from] as PlacedExchange)) this.#from += 1;
    return exchanges[this.#from];
  }

  #isUnplayed(placed: PlacedExchange): boolean {
    return !this.#played.has(placed) && !this.#isSignalPlayed(placed);
  }

  /** A signal that was recorded more often than it was sent counts as played. */
  #isSignalPlayed(placed: PlacedExchange): boolean {
    if (!isSignal(placed)) return false;
    const { key } = this.#index.normalize(placed);
    return [...this.#played].some((other) => isSignal(other) && this.#index.normalize(other).key === key);
  }
}

/** The first read of a key that no client requested. */
function listUnread(entry: IndexEntry | PlacedExchange): readonly PlacedExchange[] {
  if ("role" in entry) return entry.role === "read" ? [entry] : [];
  return entry.isRead ? [] : entry.reads.exchanges.filter(({ role }) => role === "read").slice(0, 1);
}
