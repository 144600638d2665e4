import { DAWN, type Scene } from "./history.ts";

/** Which era the replay stands in, for each thing that can change. */
export class Calendar {
  readonly #stands = new Map<string, number>();

  /** A change was requested, or answered, at its recorded `moment`. */
  advance({ scopes }: Pick<Scene, "scopes">, moment: number): void {
    for (const scope of scopes) {
      if ((this.#stands.get(scope) ?? DAWN) < moment) this.#stands.set(scope, moment);
    }
  }

  /** The era in which something that touches `scopes` is read now. */
  era(scopes: readonly string[]): number {
    let era = DAWN;
    for (const scope of scopes) era = Math.max(era, this.#stands.get(scope) ?? DAWN);
    return era;
  }
}
