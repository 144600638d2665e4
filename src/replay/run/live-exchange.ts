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
  /** Marks of this stream that answers to other clients wait for. */
  readonly #awaitedMarks = new Set<string>();
  readonly #hurryListeners = new Set<() => void>();
  /** Where the stream stood when it was waited for in vain. */
  #stuckAt: number | undefined;
  /** Resolves when all has been played, or when the client has gone. */
  readonly ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;

  constructor(placed: PlacedExchange) {
    this.#placed = placed;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
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

  /** The name that the stream waits for now; `known` where it does not wait for one. */
  readAwaitedName(known: string): string {
    const { event } = this;
    return event?.kind === "cue" || event?.kind === "until" ? event.name : known;
  }

  /** Steps to the next event; undefined behind the last one. */
  advance(): StreamEvent | undefined {
    this.#at += 1;
    return this.event;
  }

  /** An answer waits for a mark of this stream. Returns the function that ends the wait. */
  awaitMark(name: string): () => void {
    this.#awaitedMarks.add(name);
    for (const hurry of [...this.#hurryListeners]) hurry();
    return () => this.#awaitedMarks.delete(name);
  }

  get awaitedMarks(): readonly string[] {
    return [...this.#awaitedMarks];
  }

  /** Calls `hurry` when an answer begins to wait for this stream. Returns the function that ends that. */
  onHurry(hurry: () => void): () => void {
    this.#hurryListeners.add(hurry);
    return () => this.#hurryListeners.delete(hurry);
  }

  /** The stream was waited for in vain. Until it moves on it is stuck. */
  noteStuck(): void {
    this.#stuckAt = this.#at;
  }

  get isStuck(): boolean {
    return this.#stuckAt === this.#at;
  }

  /** Nothing of it will be played any more. */
  end(): void {
    this.#resolveEnded();
  }

  /** Goes on as another exchange, of which event number `at` is played now. */
  become(placed: PlacedExchange, at: number): void {
    this.#placed = placed;
    this.#at = at;
  }
}
