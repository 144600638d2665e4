import { roundDown125 } from "../../base/duration.ts";

/** What comes closer together comes in one read; what rounding left over from before must not part it. */
const ONE_READ_MS = 1;

/** Measures how long the daemon is silent, as it is written down; what rounding takes away is carried forward. */
export class PauseMeter {
  readonly #exactTiming: boolean;
  #last: number;
  #carry = 0;

  constructor(options: { readonly exactTiming: boolean; readonly at: number }) {
    this.#exactTiming = options.exactTiming;
    this.#last = options.at;
  }

  /** The pause that ends with what the daemon sends at `at`, in ms; 0 where there is none worth a line. */
  measure(at: number): number {
    const sinceLast = at - this.#last;
    const gap = sinceLast + this.#carry;
    const pauseMs = sinceLast < ONE_READ_MS ? 0 : this.#exactTiming ? Math.floor(gap) : roundDown125(gap);
    this.#carry = gap - pauseMs;
    this.#last = at;
    return pauseMs;
  }

  /** The silence before `at` has a cause of its own: the pause is counted from here, what is carried stays. */
  resume(at: number): void {
    this.#last = at;
  }

  /** The same, and nothing is carried. `at` may lie before what is known already. */
  restart(at: number): void {
    this.#last = Math.max(this.#last, at);
    this.#carry = 0;
  }
}
