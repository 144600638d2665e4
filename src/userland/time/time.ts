import type { Clock } from "../../base/clock.ts";
import { waitForTurn } from "../../base/turns.ts";

/**
 * The simulated time of day, in nanoseconds since 1970, as in moby's timestamps, and the order in which sleepers wake.
 * The clock does the waiting; the time that it is afterwards is decided here.
 */
export interface SimulatedTime {
  now(): bigint;
  /** A later time with every call, so that earlier events have earlier timestamps. */
  stamp(): bigint;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * A short delay of work that has begun; `waitUntilSettled` waits for it. Where time flows with the clock, `skip` ends it
   * early; for repeatable runs it does not, as the machine decides when `skip` is aborted.
   */
  delay(ms: number, signal?: AbortSignal, skip?: AbortSignal): Promise<void>;
  /** Lets the other processes run. */
  yieldTurn(): Promise<void>;
  /** For repeatable runs: resolves when all simulated processes are idle. Undefined where time flows with the clock. */
  waitUntilSettled(): Promise<void> | undefined;
}

/** Time that flows with the clock; `startMs` is the time of day at which it starts, in milliseconds since 1970. */
export function createFlowingTime(clock: Clock, startMs: number): SimulatedTime {
  const origin = clock.now();
  const now = (): bigint => BigInt(Math.round((startMs + clock.now() - origin) * 1000)) * 1000n;
  let last = 0n;
  const stamp = (): bigint => {
    const current = now();
    last = current > last ? current : last + 1n;
    return last;
  };
  const sleep: SimulatedTime["sleep"] = (ms, signal) => clock.sleep(ms, signal);
  const delay: SimulatedTime["delay"] = (ms, ...signals) =>
    clock.sleep(ms, AbortSignal.any(signals.filter((signal) => signal !== undefined)));
  return { now, stamp, sleep, delay, yieldTurn: waitForTurn, waitUntilSettled: () => undefined };
}
