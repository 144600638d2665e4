/**
 * Which things are there at this point of a replay. What the recording makes later is not there yet, and what it has
 * removed is not there any more: an answer from another era must not say otherwise.
 */
import type { PlacedExchange } from "../history/place-exchanges.ts";
import { listMadeThings, listNamedThings, listRemovedThings, MADE_KINDS } from "../history/thing-names.ts";

/** One exchange that made or removed a thing. */
interface Turn {
  readonly placed: PlacedExchange;
  readonly isMade: boolean;
}

export class ExistingThings {
  readonly #exchanges: readonly PlacedExchange[];
  /** Grows during the run: what has been played. */
  readonly #played: ReadonlySet<PlacedExchange>;
  /** Asked for each read of another era. */
  readonly #named = new Map<PlacedExchange, readonly string[]>();
  #turns: ReadonlyMap<string, readonly Turn[]> | undefined;

  constructor(exchanges: readonly PlacedExchange[], played: ReadonlySet<PlacedExchange>) {
    this.#exchanges = exchanges;
    this.#played = played;
  }

  /** Whether the thing that a recorded request names is known not to be there now. */
  isAbsent(placed: PlacedExchange): boolean {
    const named = this.#listNamed(placed);
    if (named.length === 0) return false;
    this.#turns ??= collectTurns(this.#exchanges);
    return named.some((thing) => this.#isAway(this.#turns?.get(thing) ?? []));
  }

  /**
   * What makes a thing of this name, if all things of this name are known not to be there now.
   * @param asked a kind of which no such thing may be recorded
   */
  findMakerOfAbsent(name: string, asked: string): PlacedExchange | undefined {
    this.#turns ??= collectTurns(this.#exchanges);
    const kinds = MADE_KINDS.filter((kind) => this.#turns?.has(`${kind}:${name}`));
    const histories = kinds.map((kind) => this.#turns?.get(`${kind}:${name}`) ?? []);
    if (kinds.includes(asked) || !histories.every((turns) => this.#isAway(turns))) return undefined;
    return histories.flat().find(({ isMade }) => isMade)?.placed;
  }

  #listNamed(placed: PlacedExchange): readonly string[] {
    const known = this.#named.get(placed);
    if (known !== undefined) return known;
    const named = listNamedThings(placed);
    this.#named.set(placed, named);
    return named;
  }

  /** What is made first was not there before; what is only removed was. */
  #isAway(turns: readonly Turn[]): boolean {
    const latest = turns.findLast(({ placed }) => this.#played.has(placed));
    return latest === undefined ? turns[0]?.isMade === true : !latest.isMade;
  }
}

/** In recorded order. A removal under one name of a thing counts for its other names. */
function collectTurns(exchanges: readonly PlacedExchange[]): ReadonlyMap<string, readonly Turn[]> {
  const turns = new Map<string, Turn[]>();
  const namesOf = new Map<string, readonly string[]>();
  const add = (thing: string, turn: Turn): void => {
    turns.set(thing, [...(turns.get(thing) ?? []), turn]);
  };
  for (const placed of exchanges) {
    if (placed.role !== "change") continue;
    const made = listMadeThings(placed);
    for (const thing of made) {
      namesOf.set(thing, made);
      add(thing, { placed, isMade: true });
    }
    const removed = new Set(listRemovedThings(placed).flatMap((thing) => namesOf.get(thing) ?? [thing]));
    for (const thing of removed) add(thing, { placed, isMade: false });
  }
  return turns;
}
