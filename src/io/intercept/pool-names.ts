/**
 * The names under which an `http.Agent` keeps connections to an interception. It asks for a name three times a request and
 * looks things up by it, so both to compute a name and to make a new text of an equal one takes a good part of a request.
 */
import type { InterceptionTarget } from "./registry.ts";

/** Few addresses are intercepted at a time; a name that is forgotten is made again. */
const MOST_NAMES = 64;

/** Node notes in `_agentKey` that a connection was made with these options: they do not change any more. */
export interface NamedOptions {
  readonly _agentKey?: string;
}

export class PoolNames {
  readonly #ofConnections = new WeakMap<object, string>();
  /** By the name without the interception. */
  readonly #ofTargets = new WeakMap<InterceptionTarget, Map<string, string>>();

  /** @param computePlain computes the name that the agent itself gives to the options */
  find(options: NamedOptions, target: InterceptionTarget, computePlain: () => string): string {
    if (options._agentKey === undefined) return this.#intern(computePlain(), target);
    const known = this.#ofConnections.get(options);
    if (known !== undefined) return known;
    const name = this.#intern(computePlain(), target);
    this.#ofConnections.set(options, name);
    return name;
  }

  #intern(plain: string, target: InterceptionTarget): string {
    const names = this.#getOrCreateNames(target);
    const known = names.get(plain);
    if (known !== undefined) return known;
    const name = `${plain}:whalesong-${target.id}`;
    if (names.size >= MOST_NAMES) names.clear();
    names.set(plain, name);
    return name;
  }

  #getOrCreateNames(target: InterceptionTarget): Map<string, string> {
    const known = this.#ofTargets.get(target);
    if (known !== undefined) return known;
    const names = new Map<string, string>();
    this.#ofTargets.set(target, names);
    return names;
  }
}
