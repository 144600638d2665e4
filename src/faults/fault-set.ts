/** The faults that are set, how many calls each matches, and to how many it was applied. */
import type { Call } from "../session/call.ts";
import type { Fault, FaultLiteral } from "./fault.ts";
import { matchesName, matchesOperation } from "./fault-selector.ts";

interface CountedFault {
  readonly fault: Fault;
  matched: number;
  applied: number;
}

export interface FaultState extends FaultLiteral {
  /** How many calls it matched, before `nth` and `probability` decided. */
  readonly matched: number;
  /** To how many calls it was applied. */
  readonly applied: number;
}

export class FaultSet {
  readonly #initial: readonly Fault[];
  #all: CountedFault[] = [];

  constructor(initial: readonly Fault[] = []) {
    this.#initial = initial;
    this.add(initial);
  }

  /** Adds faults behind those that are set. */
  add(faults: readonly Fault[]): void {
    this.#all.push(...faults.map((fault) => ({ fault, matched: 0, applied: 0 })));
  }

  /** Sets these faults instead of the present ones; all counts begin anew. */
  replace(faults: readonly Fault[]): void {
    this.#all = [];
    this.add(faults);
  }

  /** Sets the initial faults again, with all counts at 0. */
  rewind(): void {
    this.replace(this.#initial);
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  get state(): readonly FaultState[] {
    return this.#all.map(({ fault: { literal }, matched, applied }) => ({ ...literal, matched, applied }));
  }

  /** Whether a fault selects by name, so that the names of what the call is about are needed. */
  needsNames(call: Call): boolean {
    return this.#all.some(({ fault: { selector } }) => selector.name !== undefined && matchesOperation(selector, call));
  }

  /** The faults that apply to this call; it counts, so it is called once a call. `random`: from 0 up to 1. */
  select(call: Call, names: readonly string[], random: () => number): readonly Fault[] {
    return this.#all.filter((counted) => applies(counted, call, names, random)).map(({ fault }) => fault);
  }
}

function applies(counted: CountedFault, call: Call, names: readonly string[], random: () => number): boolean {
  const { selector } = counted.fault;
  if (!matchesOperation(selector, call) || !matchesName(selector, names)) return false;
  counted.matched += 1;
  const { from, to } = selector.nth ?? { from: 1, to: Number.POSITIVE_INFINITY };
  if (counted.matched < from || counted.matched > to) return false;
  if (selector.probability < 1 && random() >= selector.probability) return false;
  counted.applied += 1;
  return true;
}
