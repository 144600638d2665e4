/** Gives exchanges and marks names that nothing else in the cassette has, and remembers which are referred to. */
export class NameAllocator {
  /** Those of an earlier recording. Those that are allocated here differ by their numbers, and are not kept. */
  readonly #taken: ReadonlySet<string>;
  readonly #referenced = new Set<string>();
  readonly #counts = new Map<string, number>();

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken);
  }

  /** `start`, then `start-2`, `start-3` ... A label does not end with a number. */
  allocate(label: string): string {
    for (;;) {
      const count = (this.#counts.get(label) ?? 0) + 1;
      this.#counts.set(label, count);
      const name = count === 1 ? label : `${label}-${count}`;
      if (!this.#taken.has(name)) return name;
    }
  }

  noteReference(name: string): void {
    this.#referenced.add(name);
  }

  isReferenced(name: string): boolean {
    return this.#referenced.has(name);
  }
}
