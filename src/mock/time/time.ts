import type { Clock } from "../../base/clock.ts";

const NS_PER_MS = 1_000_000n;

/**
 * The simulated daemon's time of day, in nanoseconds since 1970, as moby's timestamps have it. Waiting is the clock's
 * business; which time it is then, is decided here.
 */
export interface Time {
  now(): bigint;
  /** A later time with every call, so that what happened first is dated first. */
  stamp(): bigint;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
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
  return { now, stamp, sleep: (ms, signal) => clock.sleep(ms, signal) };
}

/**
 * Time that stands still but for what happens: each stamp is a millisecond later, and whoever slept wakes up as much
 * later as he slept. So two runs of the same requests are dated the same, however fast the machine is.
 */
export function tickingTime(clock: Clock, startMs: number): Time {
  let last = BigInt(startMs) * NS_PER_MS;
  return {
    now: () => last,
    stamp: () => {
      last += NS_PER_MS;
      return last;
    },
    sleep: async (ms, signal) => {
      const until = last + BigInt(Math.round(ms * 1e6));
      await clock.sleep(ms, signal);
      if (signal?.aborted !== true && until > last) last = until;
    },
  };
}
