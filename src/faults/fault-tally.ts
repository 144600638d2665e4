/** Counts the calls that one fault matches, and says why it was applied to none. */
import { formatCount } from "../base/format-count.ts";
import { findNearestWord } from "../base/nearest-word.ts";
import { shortenIds } from "../base/shorten-ids.ts";
import type { Call } from "../session/call.ts";
import type { Fault } from "./fault.ts";
import { matchesName, matchesOperation } from "./fault-selector.ts";

/** Of the names that a fault does not match so many are kept, to suggest one. */
const KEPT_NAMES = 50;
const SHOWN_NAMES = 3;

export class FaultTally {
  readonly fault: Fault;
  #matched = 0;
  #applied = 0;
  #ofOperation = 0;
  #isUsed = false;
  /** What calls of its operation were about, where it was not what the fault names. */
  readonly #otherNames = new Set<string>();

  constructor(fault: Fault) {
    this.fault = fault;
  }

  /** How many calls it matched, before `nth` and `probability` decided. */
  get matched(): number {
    return this.#matched;
  }

  /** To how many calls it was applied. */
  get applied(): number {
    return this.#applied;
  }

  /** Whether there was a call for it, also before `restart`. That chance spared the call is no mistake in the fault. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** Begins the counts anew. */
  restart(): void {
    this.#matched = 0;
    this.#applied = 0;
  }

  /** Whether the fault applies to this call; it counts, so it is called once a call. `random`: from 0 up to 1. */
  applies(call: Call, names: readonly string[], random: () => number): boolean {
    const { selector } = this.fault;
    if (!matchesOperation(selector, call)) return false;
    this.#ofOperation += 1;
    if (!matchesName(selector, names)) {
      for (const name of names) if (this.#otherNames.size < KEPT_NAMES) this.#otherNames.add(name);
      return false;
    }
    this.#matched += 1;
    const { from, to } = selector.nth ?? { from: 1, to: Number.POSITIVE_INFINITY };
    if (this.#matched < from || this.#matched > to) return false;
    this.#isUsed = true;
    if (selector.probability < 1 && random() >= selector.probability) return false;
    this.#applied += 1;
    return true;
  }

  /**
   * Why there was no call for the fault: the first of its selectors that let none through, and what came instead.
   * @param calls what came, as `on` may spell it
   */
  explainDisuse(calls: readonly string[]): string {
    const { on, name, nth } = this.fault.literal;
    if (this.#matched > 0)
      return `\`nth: ${nth}\` never came: ${formatCount(this.#matched, "request")} matched the rest`;
    if (this.#ofOperation > 0) return `no request matched \`name: ${name}\`${this.#formatOtherNames()}`;
    if (on === undefined) return "no request came";
    const nearest = findNearestWord(on, calls);
    return `no request matched \`on: ${on}\`${nearest === undefined ? "" : `; the nearest was \`${nearest}\``}`;
  }

  #formatOtherNames(): string {
    const { on, name = "" } = this.fault.literal;
    const names = [...this.#otherNames].sort((a, b) => Number(isId(a)) - Number(isId(b))).map(shortenIds);
    if (names.length === 0) return "";
    const nearest = findNearestWord(name, names);
    const shown = nearest === undefined ? names.slice(0, SHOWN_NAMES) : [nearest];
    return `; ${on === undefined ? "requests" : `\`${on}\``} came for ${shown.map((one) => `\`${one}\``).join(", ")}`;
  }
}

function isId(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}
