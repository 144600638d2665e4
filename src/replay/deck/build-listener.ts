import type { Operation } from "../../wire/operations/operation.ts";
import type { BuildListener } from "../build/build-deck.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import type { AwaitedReads } from "./awaited-reads.ts";
import type { ExchangeIndex } from "./exchange-index.ts";

/** The deck that builds belong to. */
export interface BuildsHome {
  readonly exchanges: readonly PlacedExchange[];
  readonly awaitedReads: AwaitedReads;
  begin(placed: PlacedExchange, operation: Operation): void;
  end(placed: PlacedExchange): void;
}

/** Builds, and reads of the builder, are not found by a request's key. They are played like other exchanges. */
export function createBuildListener(deck: BuildsHome, index: ExchangeIndex): BuildListener {
  const findPlaced = (number: number): PlacedExchange => deck.exchanges[number] as PlacedExchange;
  const begin = (placed: PlacedExchange): void => {
    deck.begin(placed, placed.operation);
    for (const entry of index.findEntries(index.normalize(placed))) entry.isRead = true;
  };
  return {
    onBegin: (number) => begin(findPlaced(number)),
    onEnd: (number) => deck.end(findPlaced(number)),
    // A prune belongs to no build, and opens both of its eras.
    onCall: (number) => {
      begin(findPlaced(number));
      deck.end(findPlaced(number));
    },
    waitForReads: (number, clock, gone) => deck.awaitedReads.waitFor(findPlaced(number), clock, gone),
  };
}
