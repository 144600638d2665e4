/** Gives exchanges names that no other has, and remembers which of them somebody refers to. */
export class NameGiver {
  readonly #taken: Set<string>;
  readonly #used = new Set<string>();
  readonly #counts = new Map<string, number>();

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken);
  }

  /** `start`, then `start-2`, `start-3` ... */
  give(label: string): string {
    for (;;) {
      const count = (this.#counts.get(label) ?? 0) + 1;
      this.#counts.set(label, count);
      const name = count === 1 ? label : `${label}-${count}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }

  use(name: string): string {
    this.#used.add(name);
    return name;
  }

  /** Takes the name out of a document's text where nobody refers to it. */
  forgetUnused(text: string): string {
    const match = /^---\nname: (\S+)\n/.exec(text);
    return match === null || this.#used.has(match[1] as string) ? text : text.replace(/^---\nname: \S+\n/, "---\n");
  }
}
