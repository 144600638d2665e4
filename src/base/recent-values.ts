/** The values that were made last: what is needed again soon is not made again, and all else is let go. */
export class RecentValues<K, V> {
  readonly #most: number;
  readonly #kept = new Map<K, { readonly value: V; readonly weight: number }>();
  #weight = 0;

  /** @param most the weight of all that is kept, in the unit in which `put` weighs */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: K): V | undefined {
    return this.#kept.get(key)?.value;
  }

  /** Keeps `value`, in the place of the oldest ones. It is kept alone if it weighs more than all may. */
  put(key: K, value: V, weight: number): void {
    this.#remove(key);
    for (const oldest of this.#kept.keys()) {
      if (this.#weight + weight <= this.#most) break;
      this.#remove(oldest);
    }
    this.#kept.set(key, { value, weight });
    this.#weight += weight;
  }

  #remove(key: K): void {
    this.#weight -= this.#kept.get(key)?.weight ?? 0;
    this.#kept.delete(key);
  }
}
