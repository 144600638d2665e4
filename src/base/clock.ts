/** Time is a parameter, so that a test can control it. */
export interface Clock {
  /** Monotonic milliseconds; their origin has no meaning. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Like `sleep`, without keeping the process alive.
   * @default sleep
   */
  readonly sleepUnreferenced?: Clock["sleep"];
  /**
   * How many processes want a core, for each core there is.
   * @default 1: none of them has to wait
   */
  readonly readLoad?: () => number;
}
