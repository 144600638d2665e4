import type { Clock } from "../../base/clock.ts";

/**
 * The simulated daemon's time of day, in nanoseconds since 1970, as moby's timestamps have it, and who is next. Waiting
 * is the clock's business; which time it is then, is decided here.
 */
export interface Time {
  now(): bigint;
  /** A later time with every call, so that what happened first is dated first. */
  stamp(): bigint;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A short sleep before something that is as good as begun. */
  moment(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets everybody else have a turn. */
  turn(): Promise<void>;
  /** Where two runs are to be alike: resolves when nothing is left to go on that waits for nobody. */
  settled(): Promise<void> | undefined;
}

/** Time that flows with the clock; `startMs` is the time of day at which it starts, in milliseconds since 1970. */
export function flowingTime(clock: Clock, startMs: number): Time {
  const origin = clock.now();
  const now = (): bigint => BigInt(Math.round((startMs + clock.now() - origin) * 1000)) * 1000n;
  let last = 0n;
  const stamp = (): bigint => {
    const current = now();
    last = current > last ? current : last + 1n;
    return last;
  };
  const sleep: Time["sleep"] = (ms, signal) => clock.sleep(ms, signal);
  return { now, stamp, sleep, moment: sleep, turn: nextTurn, settled: () => undefined };
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
