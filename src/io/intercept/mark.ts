/** Options that tell a connection who takes it, whatever is intercepted where it is opened. */
import type { Target } from "./registry.ts";

export const MARK: unique symbol = Symbol.for("whalesong.target");

/** `outside`: nobody, it goes to what is really there. */
export interface Marked {
  readonly [MARK]?: Target | "outside";
}

/**
 * For our own connections: a recorder reaches the daemon whose address is intercepted. (Running it in `outside` would
 * do, too, but costs every promise of the process a hook in Node 20 and 22: a third of the speed.)
 */
export const TO_WHAT_IS_THERE: Marked = { [MARK]: "outside" };
