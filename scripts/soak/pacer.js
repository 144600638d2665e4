/** Turns at a fixed rate, whatever the answers take: a schedule that begins once, and that is caught up with. */
import { setTimeout as sleep } from "node:timers/promises";

export class Pacer {
  #begin = performance.now();
  #turns = 0;
  #rate;

  /** @param {number} rate turns a second */
  constructor(rate) {
    this.#rate = rate;
  }

  /** Resolves when the next turn is due: at once if that was in the past. */
  async takeTurn() {
    const due = this.#begin + (this.#turns * 1000) / this.#rate;
    this.#turns += 1;
    const pause = due - performance.now();
    if (pause > 0) await sleep(pause);
  }

  /** How many turns were taken. */
  get turns() {
    return this.#turns;
  }
}

/** @typedef {{ minute: number, turns: number }} Mark */

/**
 * Turns a second between marks that are at least so many minutes apart: the lowest such rate.
 * @param {readonly Mark[]} marks
 * @param {number} minutes
 */
export function findLowestRate(marks, minutes) {
  const rates = marks.flatMap((begin, at) => {
    const end = marks.slice(at).find(({ minute }) => minute - begin.minute >= minutes);
    return end === undefined ? [] : [(end.turns - begin.turns) / ((end.minute - begin.minute) * 60)];
  });
  return rates.length === 0 ? undefined : Math.min(...rates);
}
