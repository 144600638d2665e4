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

  /** Behind those that are there. */
  add(faults: readonly Fault[]): void {
    this.#all.push(...faults.map((fault) => ({ fault, matched: 0, applied: 0 })));
  }

  /** Instead of those that are there; all counts begin anew. */
  replace(faults: readonly Fault[]): void {
    this.#all = [];
    this.add(faults);
  }

  /** Those that it began with, as if they had met no call yet. */
  rewind(): void {
    this.replace(this.#initial);
  }

  get state(): readonly FaultState[] {
    return this.#all.map(({ fault: { literal }, matched, applied }) => ({ ...literal, matched, applied }));
  }

  /** Whether the names of what the call is about have to be known. */
  needsNames(call: Call): boolean {
    return this.#all.some(({ fault: { selector } }) => selector.name !== undefined && matchesOperation(selector, call));
  }

  /** The faults that strike this call; each call is asked for once. `random`: from 0 up to 1. */
  select(call: Call, names: readonly string[], random: () => number): readonly Fault[] {
    if (this.#all.length === 0) return NONE;
    return this.#all.filter((counted) => applies(counted, call, names, random)).map(({ fault }) => fault);
  }
}

const NONE: readonly Fault[] = [];

function applies(counted: CountedFault, call: Call, names: readonly string[], random: () => number): boolean {
  const { selector: where } = counted.fault;
  if (!matchesOperation(where, call) || !matchesName(where, names)) return false;
  counted.matched += 1;
  const { from, to } = where.nth ?? { from: 1, to: Number.POSITIVE_INFINITY };
  if (counted.matched < from || counted.matched > to) return false;
  if (where.probability < 1 && random() >= where.probability) return false;
  counted.applied += 1;
  return true;
}
