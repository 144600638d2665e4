import { BEFORE_ANY_CHANGE, type PlacedExchange } from "./place-exchanges.ts";

/** The era that a replay has reached, for each resource that can change. */
export class EraClock {
  readonly #moments = new Map<string, number>();

  /** A change was requested, or answered, at its recorded `moment`. Moments never go back. */
  advance({ resources }: Pick<PlacedExchange, "resources">, moment: number): void {
    for (const resource of resources) {
      if ((this.#moments.get(resource) ?? BEFORE_ANY_CHANGE) < moment) this.#moments.set(resource, moment);
    }
  }

  /** The moment of one resource, whatever it was before. */
  set(resource: string, moment: number): void {
    this.#moments.set(resource, moment);
  }

  /** The era in which a read of `resources` is answered now. */
  findEra(resources: readonly string[]): number {
    let era = BEFORE_ANY_CHANGE;
    for (const resource of resources) era = Math.max(era, this.#moments.get(resource) ?? BEFORE_ANY_CHANGE);
    return era;
  }
}
