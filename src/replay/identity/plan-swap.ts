/**
 * Finds out whether two recorded things can change places at this point of a run: whether all that was played for the one
 * has an equal counterpart for the other. Things that depend on them change places, too: an exec of a container, a
 * container in a network.
 */
import { pairGeneratedValues, type ValuePair } from "../../match/generated/value-pairs.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import type { MadeThing, MadeThings } from "./made-things.ts";
import { findSwitchPoint, pairAnswers } from "./pair-answers.ts";
import { type RequestForm, type RequestForms, replaceThings } from "./request-forms.ts";

/** Two recorded words that change places. */
export interface SwappedWords {
  readonly words: ValuePair;
  /** The client has made them up, as the name of a container; else the daemon has. */
  readonly isClients: boolean;
}

export interface Swap {
  /** For what was played, and for makers: the exchange of the other thing. */
  readonly counterparts: ReadonlyMap<PlacedExchange, PlacedExchange>;
  readonly switches: ReadonlyMap<LiveExchange, { readonly placed: PlacedExchange; readonly at: number }>;
  readonly words: readonly SwappedWords[];
}

/** A run, as far as it decides what can change places. */
export interface SwapGround {
  readonly exchanges: readonly PlacedExchange[];
  readonly things: MadeThings;
  readonly forms: RequestForms;
  readonly played: ReadonlySet<PlacedExchange>;
  readonly live: ReadonlySet<LiveExchange>;
  /** Whether another name stands for this recorded one today. */
  readonly isBound: (name: string) => boolean;
}

/** Something tells the things from each other. */
class CannotSwap extends Error {}

/** Requests have to be loaded before the question can be answered. */
class NotLoaded extends Error {}

/**
 * @param pairs the things that are to change places
 * @returns undefined if they cannot; `missing` if requests have to be loaded first (`forms.loadMissing`)
 */
export function planSwap(
  ground: SwapGround,
  pairs: readonly (readonly [MadeThing, MadeThing])[],
): Swap | "missing" | undefined {
  try {
    const planner = new SwapPlanner(ground);
    for (const [one, other] of pairs) planner.pairThings(one, other);
    return planner.pairPlayed() ? planner.plan : "missing";
  } catch (error) {
    if (error instanceof CannotSwap) return undefined;
    if (error instanceof NotLoaded) return "missing";
    throw error;
  }
}

class SwapPlanner {
  readonly #ground: SwapGround;
  readonly #things = new Map<MadeThing, MadeThing>();
  readonly #counterparts = new Map<PlacedExchange, PlacedExchange>();
  readonly #switches = new Map<LiveExchange, { readonly placed: PlacedExchange; readonly at: number }>();
  readonly #words = new Map<string, { readonly other: string; readonly isClients: boolean }>();

  constructor(ground: SwapGround) {
    this.#ground = ground;
  }

  get plan(): Swap {
    const words = [...this.#words].filter(([one, { other }]) => one < other);
    return {
      counterparts: this.#counterparts,
      switches: this.#switches,
      words: words.map(([one, { other, isClients }]) => ({ words: [one, other], isClients })),
    };
  }

  /** Both were made by equal requests, but for things that change places themselves. */
  pairThings(one: MadeThing, other: MadeThing): void {
    const known = this.#things.get(one) ?? one;
    if (known === other) return;
    if (known !== one || this.#things.has(other) || one.kind !== other.kind) throw new CannotSwap();
    const [form, counterpart] = [this.#readForm(one.maker), this.#readForm(other.maker)];
    if (form.shape !== counterpart.shape || one.words.length !== other.words.length) throw new CannotSwap();
    this.#things.set(one, other).set(other, one);
    this.#counterparts.set(one.maker, other.maker).set(other.maker, one.maker);
    for (const [at, word] of one.words.entries()) this.#pairNames(word, other.words[at] as string);
    for (const thing of [one, other]) this.#checkNames(thing);
    for (const [at, thing] of form.things.entries()) this.pairThings(thing, counterpart.things[at] as MadeThing);
  }

  /** Returns false if requests have to be loaded first: all that are known to be needed are missing then. */
  pairPlayed(): boolean {
    let isComplete = true;
    for (const placed of this.#ground.exchanges) {
      if (this.#ground.played.has(placed) && placed.role !== "free") isComplete = this.#tryPair(placed) && isComplete;
    }
    if (isComplete) for (const live of this.#ground.live) this.#checkShared(live);
    return isComplete;
  }

  #tryPair(placed: PlacedExchange): boolean {
    try {
      if (this.#isConcerned(placed)) this.#pairExchange(placed);
      return true;
    } catch (error) {
      if (error instanceof NotLoaded) return false;
      throw error;
    }
  }

  /** A body is not parsed unless it has one of the words. */
  #isConcerned(placed: PlacedExchange): boolean {
    if (this.#counterparts.has(placed)) return true;
    if (this.#ground.forms.findHead(placed).things.some((thing) => this.#things.has(thing))) return true;
    if (placed.entry.method === "GET") return false;
    const text = sliceRequest(placed);
    return [...this.#things.keys()].some(({ words }) => words.some((word) => text.includes(word)));
  }

  /** Ids are the daemon's. Of a name that a client has given, a part is generated. */
  #pairNames(one: string, other: string): void {
    const isDaemons = isId(one) && isId(other);
    const pairs = isDaemons ? [[one, other] as const] : (pairGeneratedValues(one, other, "query.name") ?? []);
    if (pairs.length === 0) throw new CannotSwap();
    for (const pair of pairs) this.#pairWords(pair, !isDaemons);
  }

  /** A client that gives the recorded name means the recorded thing. */
  #checkNames({ maker, words }: MadeThing): void {
    const isOpen = words.every((word) => isId(word) || this.#ground.isBound(word));
    if (!isOpen && this.#ground.played.has(maker)) throw new CannotSwap();
  }

  #pairExchange(placed: PlacedExchange): void {
    const counterpart = this.#counterparts.get(placed) ?? this.#findCounterpart(placed, this.#readForm(placed));
    if (counterpart === undefined) return;
    this.#counterparts.set(placed, counterpart);
    this.#pairMade(placed, counterpart);
    this.#pairAnswers(placed, counterpart);
  }

  #pairMade(placed: PlacedExchange, counterpart: PlacedExchange): void {
    const { things } = this.#ground;
    const [one, other] = [things.findByMaker(placed), things.findByMaker(counterpart)];
    if (one !== undefined && other !== undefined) this.pairThings(one, other);
  }

  #pairAnswers(placed: PlacedExchange, counterpart: PlacedExchange): void {
    const live = [...this.#ground.live].filter((each) => each.placed === placed);
    for (const each of live) {
      const point = findSwitchPoint(each, counterpart) ?? cannotSwap();
      this.#switches.set(each, { placed: counterpart, at: point.at });
      for (const words of point.pairs) this.#pairWords(words, false);
    }
    if (live.length > 0) return;
    for (const words of pairAnswers(placed, counterpart) ?? cannotSwap()) this.#pairWords(words, false);
  }

  /** The request of the same number among equal ones. How often a client polls is left to it: any equal read will do. */
  #findCounterpart(placed: PlacedExchange, form: RequestForm): PlacedExchange | undefined {
    const { forms } = this.#ground;
    const equal = forms.listEqual(form);
    const others = forms.listEqual(replaceThings(form, this.#things));
    if (equal === undefined || others === undefined) throw new NotLoaded();
    const counterpart = others[equal.indexOf(placed)];
    if (placed.role === "change") return counterpart ?? cannotSwap();
    if (others.length === 0) cannotSwap();
    const candidates = [...(counterpart === undefined ? [] : [counterpart]), ...others];
    const sameStage = candidates.filter((other) => this.#isSameStage(placed, other));
    const isAlike = (other: PlacedExchange): boolean => pairAnswers(placed, other) !== undefined;
    const alike = sameStage.find(isAlike);
    if (alike !== undefined) return alike;
    return this.#pairSettled(placed, equal, sameStage) ? undefined : sameStage[0];
  }

  /**
   * A container that ran for a moment was seen running by one client, and by the other one only when it had ended. What
   * is seen last tells whether both came to the same.
   */
  #pairSettled(
    placed: PlacedExchange,
    equal: readonly PlacedExchange[],
    sameStage: readonly PlacedExchange[],
  ): boolean {
    const [settled, other] = [equal.findLast(({ era }) => era === placed.era), sameStage.at(-1)];
    if (placed.role !== "read" || settled === placed || settled === undefined || other === undefined) return false;
    const pairs = pairAnswers(settled, other);
    for (const words of pairs ?? []) this.#pairWords(words, false);
    return pairs !== undefined;
  }

  /** Whether both were recorded after the same change of their things. */
  #isSameStage({ era }: PlacedExchange, { era: otherEra }: PlacedExchange): boolean {
    if (era === otherEra || era < 0 || otherEra < 0) return era === otherEra;
    const [change, other] = [era, otherEra].map((moment) => this.#ground.exchanges[moment >> 1]);
    if (change === undefined || other === undefined || era % 2 !== otherEra % 2) return false;
    const [head, counterpart] = [change, other].map((each) => this.#ground.forms.findHead(each));
    return head?.shape === counterpart?.shape;
  }

  /** A stream that shows both things has said what was done to the one; what it says next must not be the same. */
  #checkShared(live: LiveExchange): void {
    if (this.#switches.has(live)) return;
    const passed = (live.exchange.stream ?? []).slice(0, Math.max(0, live.at));
    const names = new Set(passed.flatMap((event) => (event.kind === "cue" ? [event.name] : [])));
    for (const [placed, counterpart] of this.#counterparts) {
      const hasPassed = placed.entry.name !== undefined && names.has(placed.entry.name);
      if (hasPassed && !this.#ground.played.has(counterpart)) throw new CannotSwap();
    }
  }

  #pairWords([one, other]: ValuePair, isClients: boolean): void {
    if (one === other) return;
    for (const [word, counterpart] of [
      [one, other],
      [other, one],
    ] as const) {
      const known = this.#words.get(word);
      if (known !== undefined && known.other !== counterpart) throw new CannotSwap();
      if (known === undefined) {
        this.#words.set(word, { other: counterpart, isClients });
      }
    }
  }

  #readForm(placed: PlacedExchange): RequestForm {
    const form = this.#ground.forms.find(placed);
    if (form === undefined) throw new NotLoaded();
    return form;
  }
}

function sliceRequest({ entry }: PlacedExchange): string {
  const text = entry.readText();
  return text.slice(0, text.indexOf("\nresponse:"));
}

function isId(word: string): boolean {
  return /^[0-9a-f]{12}$|^[0-9a-f]{64}$/.test(word);
}

function cannotSwap(): never {
  throw new CannotSwap();
}
