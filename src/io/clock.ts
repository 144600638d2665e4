import { availableParallelism, loadavg } from "node:os";
import type { Clock } from "../base/clock.ts";
import { LONGEST_WAIT_MS } from "../base/duration.ts";

// Taken when the module is loaded: fake timers that a user installs later must not stop a replay.
const startTimer = globalThis.setTimeout;
const stopTimer = globalThis.clearTimeout;
const monotonic = performance.now.bind(performance);

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => monotonic(),
  sleep,
  readLoad: () => (loadavg()[0] as number) / availableParallelism(),
};

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      stopTimer(timer);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const timer = startTimer(wake, Math.min(ms, LONGEST_WAIT_MS));
    signal?.addEventListener("abort", wake, { once: true });
  });
}
