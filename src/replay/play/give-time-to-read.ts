/**
 * Time for a client to read what was written. Whether it has read, nothing on the wire tells. On a machine whose cores are
 * all wanted a client wakes late, so it gets as much more time as there are processes for each core. This process wakes
 * late there, too: a timer that was late is followed by another one.
 */
import type { Clock } from "../../base/clock.ts";

/** A timer that is later than this shows that processes wait for a core: the client may be one of them. */
const LATE_MS = 5;
/** However busy the machine is, so many delays are enough. */
const MOST_DELAYS = 10;

export interface ReadingTime {
  /** What is enough where cores are free. */
  readonly delayMs: number;
  /** When it was written, by the clock, in ms. @default now */
  readonly since?: number;
  /** Aborted when there is no client any more. @default never */
  readonly gone?: AbortSignal;
}

/** Resolves when the client had the time since it was written, at once where that has passed. */
export async function giveTimeToRead(clock: Clock, { delayMs, since, gone }: ReadingTime): Promise<void> {
  const mostMs = MOST_DELAYS * delayMs;
  const load = Math.max(1, clock.readLoad?.() ?? 1);
  const begun = clock.now();
  let due = (since ?? begun) + Math.min(load * delayMs, mostMs);
  while (due > clock.now() && gone?.aborted !== true) {
    await clock.sleep(due - clock.now(), gone);
    const isLate = clock.now() - due > LATE_MS;
    if (!isLate || clock.now() - begun >= mostMs) return;
    due = clock.now() + delayMs;
  }
}
