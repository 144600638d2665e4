/**
 * Which documents began when all values were known that are secret: a stream's events are written long before its end,
 * and a value may become known between. Documents begin in the order of their numbers, so one of them speaks for all
 * that follow, and nothing is kept for each.
 */
export class KnownValues {
  #count = -1;
  /** The first document that began when so many values were known. */
  #since = 0;

  /** @param count how many values are known when the document begins; never fewer than before */
  noteBegin(document: number, count: number): void {
    if (count === this.#count) return;
    this.#count = count;
    this.#since = document;
  }

  /** @param count how many values are known now */
  wereKnownTo(document: number, count: number): boolean {
    return count === this.#count && document >= this.#since;
  }
}
