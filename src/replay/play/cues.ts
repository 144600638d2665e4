/** Who waits for what: streams stop at a cue until the exchange of that name has been requested. */
export class Cues {
  readonly #fired = new Set<string>();
  readonly #waiting = new Map<string, Set<() => void>>();

  fire(name: string): void {
    this.#fired.add(name);
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    for (const goOn of waiting ?? []) goOn();
  }

  hasFired(name: string): boolean {
    return this.#fired.has(name);
  }

  /** Resolves when `name` has been requested, or when `gone` resolves; tells which. */
  async wait(name: string, gone: Promise<unknown>): Promise<boolean> {
    if (this.#fired.has(name)) return true;
    let stopWaiting: () => void = () => undefined;
    const fired = new Promise<boolean>((resolve) => {
      const goOn = (): void => resolve(true);
      this.#waitersOf(name).add(goOn);
      stopWaiting = () => this.#waiting.get(name)?.delete(goOn);
    });
    const hasFired = await Promise.race([fired, gone.then(() => false)]);
    if (!hasFired) stopWaiting();
    return hasFired;
  }

  /** The names that somebody waits for right now. */
  get awaited(): readonly string[] {
    return [...this.#waiting].filter(([, waiting]) => waiting.size > 0).map(([name]) => name);
  }

  #waitersOf(name: string): Set<() => void> {
    const found = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, found);
    return found;
  }
}
