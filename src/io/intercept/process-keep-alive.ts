// Taken when the module is loaded: a user's fake timers must not let the process end.
const startTimer = globalThis.setInterval;
const stopTimer = globalThis.clearInterval;

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Keeps the process alive while there are holders. An ordinary socket does so by its handle. Bridged sockets have no
 * handle, and without this a program that follows a log would end in the middle of it.
 */
export class ProcessKeepAlive {
  readonly #members = new Set<object>();
  readonly #holders = new Set<object>();
  #timer: ReturnType<typeof setInterval> | undefined;

  take(holder: object): void {
    this.#members.add(holder);
    this.#holders.add(holder);
    if (this.#timer === undefined) this.#timer = startTimer(() => undefined, LONGEST_TIMER_MS);
    else if (this.#holders.size === 1) this.#timer.ref();
  }

  /** The timer stays: an agent releases and takes its socket with each request. */
  release(holder: object): void {
    this.#holders.delete(holder);
    if (this.#holders.size === 0) this.#timer?.unref();
  }

  /** Releases `holder` for good. */
  remove(holder: object): void {
    this.release(holder);
    this.#members.delete(holder);
    if (this.#members.size > 0) return;
    stopTimer(this.#timer);
    this.#timer = undefined;
  }
}
