/**
 * Time that stands still but for what happens: each stamp is a millisecond later, and whoever slept wakes up as much
 * later as he slept. The machine's clock says only how long that takes, never in which order: sleepers wake by the time
 * that it will be for them, each when what the one before him set going has come to rest. So two runs of the same
 * requests are dated the same, however fast the machine is.
 */
import type { Clock } from "../../base/clock.ts";
import { nextTurn, type Time } from "./time.ts";

const NS_PER_MS = 1_000_000n;
/** Who takes turns for ever is not waited for any longer; and hardly, once he is known. */
const MOST_TURNS = 2000;
const FEW_TURNS = 20;

interface Sleeper {
  readonly until: bigint;
  readonly wake: () => void;
}

export class TickingTime implements Time {
  readonly #clock: Clock;
  /** In the order in which they are to wake. */
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
    await aborted(over.signal);
    signal?.removeEventListener("abort", leave);
  }

  async moment(ms: number, signal?: AbortSignal): Promise<void> {
    const moment = this.sleep(ms, signal);
    this.#moments.add(moment);
    await moment;
    this.#moments.delete(moment);
  }

  async turn(): Promise<void> {
    this.#turns += 1;
    await nextTurn();
    this.#turns -= 1;
  }

  async settled(): Promise<void> {
    for (;;) {
      await this.#rest();
      if (this.#moments.size === 0) return;
      await Promise.all(this.#moments);
    }
  }

  /** What waits for nobody has come to an end, or to where it waits for somebody. */
  async #rest(): Promise<void> {
    for (let left = this.#patience; left > 0; left -= 1) {
      await nextTurn();
      if (this.#turns > 0) continue;
      this.#patience = MOST_TURNS;
      return;
    }
    this.#patience = FEW_TURNS;
  }

  /** Behind those who are to wake at the same time. */
  #put(sleeper: Sleeper): void {
    const after = this.#sleepers.findLastIndex(({ until }) => until <= sleeper.until);
    this.#sleepers.splice(after + 1, 0, sleeper);
  }

  /** The clock says that it is time for one: so it is for those before him. */
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
    await this.#rest();
    this.#waking = undefined;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
