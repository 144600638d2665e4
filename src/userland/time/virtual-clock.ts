/**
 * A virtual clock: each timestamp advances it by 1 ms, and it jumps to the earliest sleeper when all simulated processes
 * are idle. The machine's clock decides how long that takes, never the order: sleepers wake by their own time, each when
 * the work of the one before has come to rest. So two runs of the same requests have the same dates on any machine.
 */
import type { Clock } from "../../base/clock.ts";
import { waitForTurn } from "../../base/turns.ts";
import type { SimulatedTime } from "./time.ts";

const NS_PER_MS = 1_000_000n;
/** Turns that a process may take before the clock goes on without it; few once one has used them up. */
const MOST_TURNS = 2000;
const FEW_TURNS = 20;

interface Sleeper {
  readonly until: bigint;
  readonly wake: () => void;
}

export class VirtualClock implements SimulatedTime {
  readonly #clock: Clock;
  /** In the order in which they wake. */
  readonly #sleepers: Sleeper[] = [];
  readonly #moments = new Set<Promise<void>>();
  #last: bigint;
  #turns = 0;
  #patience = MOST_TURNS;
  #waking: Promise<void> | undefined;

  /** `startMs`: the time of day when it starts, in milliseconds since 1970. */
  constructor(clock: Clock, startMs: number) {
    this.#clock = clock;
    this.#last = BigInt(startMs) * NS_PER_MS;
  }

  now(): bigint {
    return this.#last;
  }

  stamp(): bigint {
    this.#last += NS_PER_MS;
    return this.#last;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return;
    const over = new AbortController();
    const sleeper = { until: this.#last + BigInt(Math.round(ms * 1e6)), wake: () => over.abort() };
    this.#put(sleeper);
    const leave = (): void => {
      this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
      sleeper.wake();
    };
    signal?.addEventListener("abort", leave, { once: true });
    void this.#clock.sleep(ms, over.signal).then(() => this.#wakeUpTo(sleeper));
    await waitUntilAborted(over.signal);
    signal?.removeEventListener("abort", leave);
  }

  async delay(ms: number, signal?: AbortSignal): Promise<void> {
    const moment = this.sleep(ms, signal);
    this.#moments.add(moment);
    await moment;
    this.#moments.delete(moment);
  }

  async yieldTurn(): Promise<void> {
    this.#turns += 1;
    await waitForTurn();
    this.#turns -= 1;
  }

  async waitUntilSettled(): Promise<void> {
    for (;;) {
      await this.#waitForRest();
      if (this.#moments.size === 0) return;
      await Promise.all(this.#moments);
    }
  }

  /** Resolves when no process takes turns any more: each has ended, or waits for input or for time. */
  async #waitForRest(): Promise<void> {
    for (let left = this.#patience; left > 0; left -= 1) {
      await waitForTurn();
      if (this.#turns > 0) continue;
      this.#patience = MOST_TURNS;
      return;
    }
    this.#patience = FEW_TURNS;
  }

  /** Behind the sleepers of the same time. */
  #put(sleeper: Sleeper): void {
    const after = this.#sleepers.findLastIndex(({ until }) => until <= sleeper.until);
    this.#sleepers.splice(after + 1, 0, sleeper);
  }

  /** When the clock wakes one sleeper, those before it wake first. */
  async #wakeUpTo(sleeper: Sleeper): Promise<void> {
    while (this.#sleepers.includes(sleeper)) {
      if (this.#waking === undefined) this.#waking = this.#wakeFirst();
      await this.#waking;
    }
  }

  async #wakeFirst(): Promise<void> {
    const first = this.#sleepers.shift() as Sleeper;
    if (first.until > this.#last) this.#last = first.until;
    first.wake();
    await this.#waitForRest();
    this.#waking = undefined;
  }
}

function waitUntilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
