import { callInNextTurn } from "../base/turns.ts";

/**
 * Has the documents that end in one turn of the event loop written in one call, at the end of the turn. Then goes on
 * what waits for that (docs/decisions/0057).
 */
export class TurnEnd {
  readonly #flush: () => void;
  #actions: (() => void)[] = [];
  #isScheduled = false;

  constructor(flush: () => void) {
    this.#flush = flush;
  }

  schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    callInNextTurn(() => this.#end());
  }

  /** Calls `action` when all that has ended so far is written. It does not throw. */
  await(action: () => void): void {
    this.#actions.push(action);
    this.schedule();
  }

  #end(): void {
    this.#isScheduled = false;
    this.#flush();
    const actions = this.#actions;
    this.#actions = [];
    for (const act of actions) act();
  }
}
