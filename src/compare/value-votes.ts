/**
 * Which old value may be written in the place of a new one. Every place in which two recordings can be laid side by
 * side votes. A value is only put back if all votes agree: everywhere, or nowhere.
 */
import type { TokenKind } from "./tokens.ts";
import { listForms, ValueMap } from "./value-map.ts";

export class ValueVotes {
  readonly #oldByNew = new Map<string, Set<string>>();
  readonly #newByOld = new Map<string, Set<string>>();

  /** Equal values vote, too: a value that stays itself somewhere is no other's. */
  add(old: string, fresh: string, kind: TokenKind | "name"): void {
    for (const [was, is] of listForms(old, fresh, kind)) {
      addTo(this.#oldByNew, is, was);
      addTo(this.#newByOld, was, is);
    }
  }

  /**
   * The values on which all votes agree.
   * @param isInUse whether a value occurs in the new recording: an old value that means something else there is not
   *   put back
   * @param isKept whether a new value has to stay
   */
  settle(isInUse: (value: string) => boolean, isKept: (fresh: string) => boolean): ValueMap {
    const words = new Map<string, string>();
    for (const [fresh, olds] of this.#oldByNew) {
      const [old = fresh] = olds;
      const isAgreed = olds.size === 1 && this.#newByOld.get(old)?.size === 1;
      if (old !== fresh && isAgreed && !isKept(fresh)) words.set(fresh, old);
    }
    for (let size = -1; size !== words.size; ) {
      size = words.size;
      for (const [fresh, old] of words) if (isInUse(old) && !words.has(old)) words.delete(fresh);
    }
    const map = new ValueMap();
    for (const [fresh, old] of words) map.addForm(old, fresh);
    return map;
  }
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, new Set([value]));
  else values.add(value);
}
