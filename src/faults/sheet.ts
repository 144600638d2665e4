/** The faults there are, how many calls each was meant for, and which it struck. */
import type { Call } from "../session/call.ts";
import type { Fault, FaultLiteral } from "./fault.ts";
import { isAbout, isOn } from "./where.ts";

interface Counted {
  readonly fault: Fault;
  meant: number;
  struck: number;
}

export interface FaultState extends FaultLiteral {
  /** How many calls it was meant for, before `nth` and `probability` had their say. */
  readonly meant: number;
  readonly struck: number;
}

export class FaultSheet {
  readonly #initial: readonly Fault[];
  #all: Counted[] = [];

  constructor(initial: readonly Fault[] = []) {
    this.#initial = initial;
    this.add(initial);
  }

  /** Behind those that are there. */
  add(faults: readonly Fault[]): void {
    this.#all.push(...faults.map((fault) => ({ fault, meant: 0, struck: 0 })));
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
    return this.#all.map(({ fault: { literal }, meant, struck }) => ({ ...literal, meant, struck }));
  }

  /** Whether the names of what the call is about have to be known. */
  asksForNames(call: Call): boolean {
    return this.#all.some(({ fault: { where } }) => where.name !== undefined && isOn(where, call));
  }

  /** The faults that strike this call; each call is asked for once. `random`: from 0 up to 1. */
  strike(call: Call, names: readonly string[], random: () => number): readonly Fault[] {
    if (this.#all.length === 0) return NONE;
    return this.#all.filter((counted) => strikes(counted, call, names, random)).map(({ fault }) => fault);
  }
}

const NONE: readonly Fault[] = [];

function strikes(counted: Counted, call: Call, names: readonly string[], random: () => number): boolean {
  const { where } = counted.fault;
  if (!isOn(where, call) || !isAbout(where, names)) return false;
  counted.meant += 1;
  const { from, to } = where.nth ?? { from: 1, to: Number.POSITIVE_INFINITY };
  if (counted.meant < from || counted.meant > to) return false;
  if (where.probability < 1 && random() >= where.probability) return false;
  counted.struck += 1;
  return true;
}
