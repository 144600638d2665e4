/**
 * The option that names the interception a new connection belongs to, whatever is intercepted where it is opened.
 * io/intercept reads it; what opens whalesong's own connections sets it.
 */
export const INTERCEPTION_MARK: unique symbol = Symbol.for("whalesong.target");

/** `outside`: no interception takes the connection, it goes to the real address. */
export interface MarkedOptions<Target = never> {
  readonly [INTERCEPTION_MARK]?: Target | "outside";
}

/**
 * For whalesong's own connections: a recorder reaches the daemon whose address is intercepted. (`withoutInterception`
 * has the same effect, but costs every promise of the process a hook in Node 20 and 22: a third of the speed.)
 */
export const BYPASS_INTERCEPTION: MarkedOptions = { [INTERCEPTION_MARK]: "outside" };
