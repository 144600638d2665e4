import type { Clock } from "../../src/base/clock.ts";

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Time that passes only when a test says so. */
export class TestClock implements Clock {
  #now = 0;
  #sleepers: Sleeper[] = [];
  /** How many processes want each core. */
  load = 1;

  now(): number {
    return this.#now;
  }

  readLoad(): number {
    return this.load;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      this.#sleepers.push({ until: this.#now + ms, wake });
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  passes(ms: number): void {
    this.#now += ms;
    const due = this.#sleepers.filter(({ until }) => until <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#now);
    for (const { wake } of due) wake();
  }

  get sleepers(): number {
    return this.#sleepers.length;
  }
}
