import type { Clock } from "../../base/clock.ts";

/** A timer that is later than this shows that processes wait for a core: the client may be one of them. */
const LATE_MS = 5;
/** On a machine that is busy all the time, so many delays are enough. */
const MOST_DELAYS = 10;

export interface ReadingTime {
  /** What is enough where cores are free. */
  readonly delayMs: number;
  /** What is left of the first delay. @default all of it */
  readonly restMs?: number;
  /** Aborted when there is no client any more. @default never */
  readonly gone?: AbortSignal;
}

/**
 * A client gets time to read what was written. Whether it has read, nothing on the wire tells, and a machine that wakes
 * this process late wakes the client late, too: there the delay is repeated until one of them ends in time.
 */
export async function giveTimeToRead(clock: Clock, { delayMs, restMs = delayMs, gone }: ReadingTime): Promise<void> {
  let nextMs = restMs;
  for (let delays = 0; delays < MOST_DELAYS && gone?.aborted !== true; delays += 1) {
    const due = clock.now() + nextMs;
    await clock.sleep(nextMs, gone);
    if (clock.now() - due <= LATE_MS) return;
    nextMs = delayMs;
  }
}
