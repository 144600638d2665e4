import type { Exchange } from "../../cassette/model.ts";

/** A stream that stands still. */
export interface Stall {
  readonly exchange: Exchange;
  /** The name of an exchange or mark in backticks, or what the client has to do. */
  readonly awaits: string;
}

/** The streams of a run that wait for something right now. */
export class WaitLog {
  readonly #stalls = new Set<Stall>();

  /** `exchange` waits for something. Returns the function that takes it off the list again. */
  add(exchange: Exchange, awaits: string): () => void {
    const stall = { exchange, awaits };
    this.#stalls.add(stall);
    return () => this.#stalls.delete(stall);
  }

  /** `exchange` is on the list until `wait` has settled: what it waits for may never come. */
  async during<T>(exchange: Exchange, awaits: string, wait: () => Promise<T>): Promise<T> {
    const removeFromLog = this.add(exchange, awaits);
    try {
      return await wait();
    } finally {
      removeFromLog();
    }
  }

  get stalls(): readonly Stall[] {
    return [...this.#stalls];
  }
}
