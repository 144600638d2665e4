/** The faults that are set, how many calls each matches, and to how many it was applied. */
import type { Call } from "../session/call.ts";
import type { Fault, FaultLiteral } from "./fault.ts";
import { matchesOperation } from "./fault-selector.ts";
import { FaultTally } from "./fault-tally.ts";

/** Clients may set and remove faults without end, and requests have paths without end. */
const KEPT_DISUSED = 100;
const KEPT_CALLS = 500;

/** A fault, how often it matched, and how often it was applied. */
export interface FaultState extends FaultLiteral {
  /** How many calls it matched, before `nth` and `probability` decided. */
  readonly matched: number;
  /** To how many calls it was applied. */
  readonly applied: number;
}

/** The faults that are in force, and which calls each of them was applied to. */
export class FaultSet {
  readonly #initial: readonly FaultTally[];
  #all: readonly FaultTally[];
  /** Removed before there was a call for them. */
  #disused: readonly FaultTally[] = [];
  /** What came, in both of `on`'s spellings, to suggest one. */
  readonly #calls = new Set<string>();

  constructor(initial: readonly Fault[] = []) {
    this.#initial = initial.map((fault) => new FaultTally(fault));
    this.#all = this.#initial;
  }

  /** Adds faults behind those that are set. */
  add(faults: readonly Fault[]): void {
    this.#all = [...this.#all, ...faults.map((fault) => new FaultTally(fault))];
  }

  /** Removes all faults. */
  clear(): void {
    this.#set([]);
  }

  /** Sets the initial faults again, with all counts at 0. */
  rewind(): void {
    this.#set(this.#initial);
    for (const tally of this.#initial) tally.restart();
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  get state(): readonly FaultState[] {
    return this.#all.map(({ fault: { literal }, matched, applied }) => ({ ...literal, matched, applied }));
  }

  /**
   * The faults for which no call has come, also those that are removed by now: a test with such a fault has not tested
   * what it says. `faults.yaml:4  no request matched ...`
   */
  get unused(): readonly string[] {
    const calls = [...this.#calls];
    const tallies = new Set([...this.#disused, ...this.#all]);
    return [...tallies]
      .filter(({ isUsed }) => !isUsed)
      .map((tally) => `${tally.fault.origin}  ${tally.explainDisuse(calls)}`);
  }

  /** Whether a fault selects by name, so that the names of what the call is about are needed. */
  needsNames(call: Call): boolean {
    return this.#all.some(({ fault: { selector } }) => selector.name !== undefined && matchesOperation(selector, call));
  }

  /** The faults that apply to this call; it counts, so it is called once a call. `random`: from 0 up to 1. */
  select(call: Call, names: readonly string[], random: () => number): readonly Fault[] {
    this.#noteCall(call);
    return this.#all.filter((tally) => tally.applies(call, names, random)).map(({ fault }) => fault);
  }

  #set(tallies: readonly FaultTally[]): void {
    const removed = [...this.#disused, ...this.#all].filter(({ isUsed }) => !isUsed);
    this.#disused = removed.slice(0, KEPT_DISUSED);
    this.#all = tallies;
  }

  #noteCall({ head: { method }, operation: { name, path } }: Call): void {
    if (this.#calls.size < KEPT_CALLS) this.#calls.add(name).add(`${method} ${path}`);
  }
}
