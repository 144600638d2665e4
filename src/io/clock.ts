import { availableParallelism, loadavg } from "node:os";
import type { Clock } from "../base/clock.ts";
import { LONGEST_WAIT_MS } from "../base/duration.ts";

// Taken when the module is loaded: fake timers that a user installs later must not stop a replay.
const startTimer = globalThis.setTimeout;
const stopTimer = globalThis.clearTimeout;
// Of the global `performance`, whose first use loads 1 MB of Node's modules, it is the same clock.
const readTime = process.hrtime;

/** The machine's clock. */
export const systemClock: Clock = {
  now: readMs,
  sleep,
  sleepUnreferenced: (ms, signal) => sleep(ms, signal, false),
  readLoad: () => (loadavg()[0] as number) / availableParallelism(),
};

function readMs(): number {
  const [seconds, nanoseconds] = readTime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

function sleep(ms: number, signal?: AbortSignal, keepsAlive: boolean = true): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      stopTimer(timer);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const timer = startTimer(wake, Math.min(ms, LONGEST_WAIT_MS));
    if (!keepsAlive) timer.unref();
    signal?.addEventListener("abort", wake, { once: true });
  });
}
