/**
 * The recorded answers to one and the same read, kept by era. How often a client polls is not deterministic; what it
 * may see at a point of the recorded history is.
 */
import type { Calendar } from "../history/calendar.ts";
import { DAWN, type Scene } from "../history/history.ts";

/** The answers of one era, in recorded order; the last one is given again and again. */
interface Era {
  readonly era: number;
  readonly scenes: Scene[];
  played: number;
}

/** Answers that touch the same things, era by era. */
interface Thread {
  readonly scopes: readonly string[];
  readonly eras: Era[];
}

export class Reads {
  readonly #threads = new Map<string, Thread>();

  add(scene: Scene): void {
    const thread = this.#thread(scene.scopes);
    const last = thread.eras.at(-1);
    if (last?.era === scene.era) last.scenes.push(scene);
    else insert(thread.eras, { era: scene.era, scenes: [scene], played: 0 });
  }

  /**
   * The answer for now: of this era, those not played yet first, then the last one again. `isStrict` allows no
   * other era; else the nearest earlier one stands in, else the first look at a later one, which is not used up by it.
   * What was seen before a moment of `past` is left out.
   */
  next(calendar: Calendar, isStrict: boolean, past: Calendar): Scene | undefined {
    if (this.#threads.size === 0) return undefined;
    const choices = [...this.#threads.values()].map((thread) => choose(thread.eras, calendar.era(thread.scopes)));
    const best = choices.reduce((one, other) => (isBetter(other, one) ? other : one));
    if (best.era === undefined || (isStrict && best.rank > EXHAUSTED)) return undefined;
    const { scenes } = best.era;
    if (best.rank === LATER && scenes[0]?.role === "read") return scenes[0];
    skipPast(best.era, past);
    const scene = scenes[Math.min(best.era.played, scenes.length - 1)];
    best.era.played += 1;
    return scene;
  }

  get scenes(): readonly Scene[] {
    return [...this.#threads.values()].flatMap(({ eras }) => eras.flatMap(({ scenes }) => scenes));
  }

  #thread(scopes: readonly string[]): Thread {
    const key = scopes.join();
    const found = this.#threads.get(key);
    if (found !== undefined) return found;
    const thread = { scopes, eras: [] };
    this.#threads.set(key, thread);
    return thread;
  }
}

const FRESH = 0;
const EXHAUSTED = 1;
const EARLIER = 2;
const LATER = 3;

interface Choice {
  readonly era: Era | undefined;
  /** Of two threads (a name that was used twice has two), the one with the lower rank answers. */
  readonly rank: number;
}

function choose(eras: readonly Era[], now: number): Choice {
  const at = lastNotAfter(eras, now);
  const era = eras[at];
  if (era === undefined) return { era: eras[0], rank: LATER };
  if (era.era < now) return { era, rank: EARLIER };
  return { era, rank: era.played < era.scenes.length ? FRESH : EXHAUSTED };
}

/** What was seen before a moment that is past will not be seen any more. */
function skipPast(era: Era, past: Calendar): void {
  const isPast = ({ scopes, askedAt }: Scene): boolean => askedAt < past.era(scopes);
  while (era.played < era.scenes.length - 1 && isPast(era.scenes[era.played] as Scene)) era.played += 1;
}

/** Of two that stand in for an era, the nearer one. */
function isBetter(one: Choice, other: Choice): boolean {
  if (one.rank !== other.rank) return one.rank < other.rank;
  const [era, than] = [one.era?.era ?? DAWN, other.era?.era ?? DAWN];
  return (one.rank === EARLIER && era > than) || (one.rank === LATER && era < than);
}

/** Index of the last era not after `now`; -1 if all are later. Eras are sorted. */
function lastNotAfter(eras: readonly Era[], now: number): number {
  let [low, high] = [0, eras.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((eras[middle] as Era).era <= now) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function insert(eras: Era[], era: Era): void {
  eras.splice(lastNotAfter(eras, era.era) + 1, 0, era);
}
