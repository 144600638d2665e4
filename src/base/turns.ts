/** Turns of the event loop. A user's fake timers must not stop what waits for one. */
import { setImmediate } from "node:timers";

// Taken when the module is loaded: fake timers replace what `node:timers` and `node:timers/promises` export, too.
const startImmediate = setImmediate;

/** Resolves in the next turn of the event loop. */
export function waitForTurn(): Promise<void> {
  return new Promise((resolve) => void startImmediate(resolve));
}

/** Calls `action` in the next turn of the event loop. It does not keep the process alive if it is unreferenced. */
export function callInNextTurn(action: () => void): NodeJS.Immediate {
  return startImmediate(action);
}
