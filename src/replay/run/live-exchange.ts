import type { Exchange, StreamEvent } from "../../cassette/model.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

/**
 * An exchange on its way to a client. As long as two recorded things look alike, it may turn out to be the other one's
 * (docs/decisions/0028-identity-stays-open.md): then the rest of that one is played.
 */
export class LiveExchange {
  #placed: PlacedExchange;
  /** The number of the event that is played now; -1 before the head. */
  #at = -1;

  constructor(placed: PlacedExchange) {
    this.#placed = placed;
  }

  get placed(): PlacedExchange {
    return this.#placed;
  }

  get exchange(): Exchange {
    return this.#placed.entry.readExchange();
  }

  get at(): number {
    return this.#at;
  }

  /** The event that is played now. */
  get event(): StreamEvent | undefined {
    return this.exchange.stream?.[this.#at];
  }

  /** Steps to the next event; undefined behind the last one. */
  advance(): StreamEvent | undefined {
    this.#at += 1;
    return this.event;
  }

  /** Goes on as another exchange, of which event number `at` is played now. */
  become(placed: PlacedExchange, at: number): void {
    this.#placed = placed;
    this.#at = at;
  }
}
