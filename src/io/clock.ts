import type { Clock } from "../base/clock.ts";

// Taken when the module is loaded: a user's fake timers, installed later, must not stop a replay.
const startTimer = globalThis.setTimeout;
const stopTimer = globalThis.clearTimeout;
const monotonic = performance.now.bind(performance);

/** Beyond this Node fires a timer at once instead of late. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's time. */
export const systemClock: Clock = { now: () => monotonic(), sleep };

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      stopTimer(timer);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const timer = startTimer(wake, Math.min(ms, LONGEST_TIMER_MS));
    signal?.addEventListener("abort", wake, { once: true });
  });
}
