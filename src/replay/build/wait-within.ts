import type { Clock } from "../../base/clock.ts";

export interface WaitLimit {
  readonly ms: number;
  readonly clock: Clock;
  /** Ends the wait at once. */
  readonly signal: AbortSignal;
}

/** Waits until `promise` has settled, at most so long. Resolves with whether it has. A rejection is the promise's own. */
export async function waitWithin(promise: Promise<unknown>, { ms, clock, signal }: WaitLimit): Promise<boolean> {
  const timer = new AbortController();
  const stop = (): void => timer.abort();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  await Promise.race([promise.then(settle, settle), clock.sleep(ms, timer.signal)]);
  signal.removeEventListener("abort", stop);
  stop();
  return isSettled;
}

/** The same for what is late only when nothing happens any more: each limit in which `progress` has grown is renewed. */
export async function waitWhileProgressing(
  promise: Promise<unknown>,
  getProgress: () => number,
  limit: WaitLimit,
): Promise<boolean> {
  for (;;) {
    const before = getProgress();
    if (await waitWithin(promise, limit)) return true;
    if (limit.signal.aborted || getProgress() === before) return false;
  }
}
