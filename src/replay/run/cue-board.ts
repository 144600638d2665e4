/**
 * Names that have fired, and the streams that wait for names. A run has two boards: one for cues, on which the name of
 * an exchange fires when the exchange is requested, and one for marks.
 */
export class CueBoard {
  /** When each name fired. */
  readonly #fired = new Map<string, number>();
  readonly #waiters = new Map<string, Set<() => void>>();

  /** @param at by the clock of the run, in ms; left out where nothing depends on it */
  fire(name: string, at: number = Number.NEGATIVE_INFINITY): void {
    if (!this.#fired.has(name)) this.#fired.set(name, at);
    const waiters = this.#waiters.get(name);
    this.#waiters.delete(name);
    for (const resume of waiters ?? []) resume();
  }

  /** The name has not fired after all: what fired it was another exchange. */
  revoke(name: string): void {
    this.#fired.delete(name);
  }

  /** Resumes every stream that waits: each has to look again what it waits for. */
  wakeAll(): void {
    const waiters = [...this.#waiters.values()].flatMap((each) => [...each]);
    this.#waiters.clear();
    for (const resume of waiters) resume();
  }

  /** When the name fired, by the clock of the run, in ms; -Infinity where that is not known. */
  readFiringTime(name: string): number {
    return this.#fired.get(name) ?? Number.NEGATIVE_INFINITY;
  }

  hasFired(name: string): boolean {
    return this.#fired.has(name);
  }

  /** Resolves with true when `name` fires or `wakeAll` is called, or with false when `gone` resolves first. */
  async waitFor(name: string, gone: Promise<unknown>): Promise<boolean> {
    if (this.#fired.has(name)) return true;
    let stopWaiting: () => void = () => undefined;
    const fired = new Promise<boolean>((resolve) => {
      const resume = (): void => resolve(true);
      this.#findOrCreateWaiters(name).add(resume);
      stopWaiting = () => this.#waiters.get(name)?.delete(resume);
    });
    const hasFired = await Promise.race([fired, gone.then(() => false)]);
    if (!hasFired) stopWaiting();
    return hasFired;
  }

  /** The names that a stream waits for right now. */
  get awaitedNames(): readonly string[] {
    return [...this.#waiters].filter(([, waiters]) => waiters.size > 0).map(([name]) => name);
  }

  #findOrCreateWaiters(name: string): Set<() => void> {
    const waiters = this.#waiters.get(name) ?? new Set();
    this.#waiters.set(name, waiters);
    return waiters;
  }
}
