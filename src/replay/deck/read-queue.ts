/**
 * The recorded answers to one and the same read, by era. How often a client polls is not deterministic. What it may see
 * at a point of the recorded history is.
 */
import type { Operation } from "../../wire/operations/operation.ts";
import type { EraClock } from "../history/era-clock.ts";
import { BEFORE_ANY_CHANGE, type PlacedExchange } from "../history/place-exchanges.ts";

/** The answers of one era, in recorded order. The last one is given again and again. */
interface EraReads {
  readonly era: number;
  readonly exchanges: [PlacedExchange, ...PlacedExchange[]];
  /** So many were given, from the first one on. */
  played: number;
  /** Given before their turn. */
  readonly ahead: Set<PlacedExchange>;
}

/** Whether a recorded request is more this one than others that are equal to it. */
export type IsMeant = (operation: Operation) => boolean;

/** Answers that touch the same resources, era by era. A name that was used for two containers has two threads. */
interface ReadThread {
  readonly resources: readonly string[];
  readonly eras: EraReads[];
}

/** The point of a run at which a read is answered. */
export interface ReadMoment {
  readonly eras: EraClock;
  /** No other era may stand in. */
  readonly isStrict: boolean;
  /** An answer that was recorded before this moment of its resources is skipped. */
  readonly past: EraClock;
  /** Changes up to this moment are over for a client that was told so, though they may not be answered yet. */
  readonly told: EraClock;
  /** What a recorded read names is not there now: it must not stand in. */
  readonly isAbsent: (placed: PlacedExchange) => boolean;
}

export class ReadQueue {
  readonly #threads = new Map<string, ReadThread>();
  /** Almost every request has one thread; undefined where there are more, or none. */
  #only: ReadThread | undefined;
  #hasReadsDuringChanges = false;

  add(placed: PlacedExchange): void {
    const { eras } = this.#findOrCreateThread(placed.resources);
    this.#hasReadsDuringChanges ||= placed.role === "read" && isDuringChange(placed);
    const last = eras.at(-1);
    if (last?.era === placed.era) last.exchanges.push(placed);
    else insertSorted(eras, { era: placed.era, exchanges: [placed], played: 0, ahead: new Set() });
  }

  /**
   * The answer for now: of this era, those not played yet first, then the last one again. If the era has none, the
   * nearest earlier era stands in, else the first answer of a later one, which stays unplayed.
   * @param isMeant of one era's answers, those that come before the others
   */
  selectNext(moment: ReadMoment, isMeant?: IsMeant): PlacedExchange | "absent" | undefined {
    if (this.#only === undefined) return this.#selectFromThreads(moment, isMeant);
    const choice = chooseEra(this.#only, moment);
    if (choice.rank <= EXHAUSTED) return takeNext(choice, moment, isMeant);
    if (choice.era === undefined || moment.isStrict) return undefined;
    return moment.isAbsent(choice.era.exchanges[0]) ? "absent" : takeNext(choice, moment, isMeant);
  }

  #selectFromThreads(moment: ReadMoment, isMeant: IsMeant | undefined): PlacedExchange | "absent" | undefined {
    if (this.#threads.size === 0) return undefined;
    const choices = [...this.#threads.values()].map((thread) => chooseEra(thread, moment));
    const best = selectBest(choices);
    if (best.era === undefined || (moment.isStrict && best.rank > EXHAUSTED)) return undefined;
    if (best.rank <= EXHAUSTED) return takeNext(best, moment, isMeant);
    const present = choices.filter(({ era }) => era !== undefined && !moment.isAbsent(era.exchanges[0]));
    return present.length === 0 ? "absent" : takeNext(selectBest(present), moment, isMeant);
  }

  /** Whether the recording has an answer for now, given already or not. */
  hasCurrent(moment: ReadMoment): boolean {
    for (const thread of this.#threads.values()) if (chooseEra(thread, moment).rank <= EXHAUSTED) return true;
    return false;
  }

  /** The first read that was recorded while a later change was under way; undefined where the recording has an answer for now. */
  findUpcoming(moment: ReadMoment): PlacedExchange | undefined {
    if (!this.#hasReadsDuringChanges || this.hasCurrent(moment)) return undefined;
    const upcoming = [...this.#threads.values()].flatMap((thread) => findUpcomingOf(thread, moment) ?? []);
    return upcoming.sort((one, other) => one.era - other.era)[0];
  }

  /** The answer for now is of the era of `read`, one that was upcoming, whatever has come since. */
  takeUpcoming(read: PlacedExchange, moment: ReadMoment): PlacedExchange | undefined {
    const { eras } = this.#findOrCreateThread(read.resources);
    return takeNext({ era: eras.find(({ era }) => era === read.era), rank: FRESH }, moment, undefined);
  }

  /** Answers that were given count as not given yet, or the other way round. */
  recount(played: ReadonlySet<PlacedExchange>): void {
    for (const { eras } of this.#threads.values()) {
      for (const era of eras) {
        era.played = era.exchanges.findLastIndex((placed) => played.has(placed)) + 1;
        era.ahead.clear();
      }
    }
  }

  get exchanges(): readonly PlacedExchange[] {
    return [...this.#threads.values()].flatMap(({ eras }) => eras.flatMap(({ exchanges }) => exchanges));
  }

  #findOrCreateThread(resources: readonly string[]): ReadThread {
    const key = resources.join();
    const known = this.#threads.get(key);
    if (known !== undefined) return known;
    const thread = { resources, eras: [] };
    this.#threads.set(key, thread);
    this.#only = this.#threads.size === 1 ? thread : undefined;
    return thread;
  }
}

const FRESH = 0;
const EXHAUSTED = 1;
const EARLIER = 2;
const LATER = 3;

interface EraChoice {
  readonly era: EraReads | undefined;
  /** Of two threads, the one with the lower rank answers. */
  readonly rank: number;
}

function chooseEra(thread: ReadThread, moment: ReadMoment): EraChoice {
  const { eras, resources } = thread;
  const now = moment.eras.findEra(resources);
  const only = eras[0];
  if (eras.length === 1 && only?.era === now) return rankCurrent(only);
  const index = findLastNotAfter(eras, now);
  const earlier = eras[index - 1];
  const era = eras[index];
  const next = eras[index + 1];
  const isPlayed = era === undefined || getNextUnplayed(era) === undefined;
  if (earlier !== undefined && isLateToday(earlier)) return { era: earlier, rank: FRESH };
  if (isPlayed && next !== undefined && isEarlyToday(next)) return { era: next, rank: FRESH };
  if (next !== undefined && isTold(next, thread, moment) && !isSeen(era, now, thread, moment)) return rankCurrent(next);
  if (era === undefined) return { era: eras[0], rank: LATER };
  if (era.era < now) return { era, rank: EARLIER };
  return rankCurrent(era);
}

function findUpcomingOf({ eras, resources }: ReadThread, moment: ReadMoment): PlacedExchange | undefined {
  const next = eras[findLastNotAfter(eras, moment.eras.findEra(resources)) + 1];
  const read = next && getNextUnplayed(next);
  return read?.role === "read" && isDuringChange(read) ? read : undefined;
}

function rankCurrent(era: EraReads): EraChoice {
  return { era, rank: getNextUnplayed(era) === undefined ? EXHAUSTED : FRESH };
}

/** The change that opens this era is not answered yet, but a client was told that it is over. */
function isTold({ era, exchanges }: EraReads, { resources }: ReadThread, { told }: ReadMoment): boolean {
  return era <= told.findEra(resources) && exchanges[0].role === "read";
}

/** Whether the recording has what is seen while the change of `now` is under way, and not only before an end that is past. */
function isSeen(era: EraReads | undefined, now: number, { resources }: ReadThread, { past }: ReadMoment): boolean {
  if (era === undefined || era.era < now) return false;
  return (era.exchanges.at(-1) as PlacedExchange).requestedAt >= past.findEra(resources);
}

/**
 * A client that sends a change and follows a stream at once (`docker compose up`) sends the two requests in any order,
 * and the replayed change is answered sooner than the recorded one. So a stream that was under way together with a
 * change is neither skipped nor replaced by another one: it plays, and waits for the change at its cue.
 */
function isLateToday(era: EraReads): boolean {
  const stream = getNextUnplayed(era);
  if (stream?.role !== "long") return false;
  return isDuringChange(stream) || (stream.entry.readExchange().response?.cues ?? []).length > 0;
}

function isEarlyToday(era: EraReads): boolean {
  const stream = getNextUnplayed(era);
  return stream?.role === "long" && isDuringChange(stream);
}

function isDuringChange({ entry }: PlacedExchange): boolean {
  return entry.during.length > 0;
}

function getNextUnplayed({ exchanges, played }: EraReads): PlacedExchange | undefined {
  return exchanges[played];
}

function selectBest(choices: readonly EraChoice[]): EraChoice {
  return choices.reduce((one, other) => (isBetter(other, one) ? other : one));
}

function takeNext(
  { era, rank }: EraChoice,
  { past }: ReadMoment,
  isMeant: IsMeant | undefined,
): PlacedExchange | undefined {
  if (era === undefined) return undefined;
  const { exchanges } = era;
  if (rank === LATER && exchanges[0].role === "read") return exchanges[0];
  skipPast(era, past);
  const meant = isMeant && selectMeant(era, isMeant);
  const placed = meant ?? (exchanges[Math.min(era.played, exchanges.length - 1)] as PlacedExchange);
  markGiven(era, placed);
  return placed;
}

/** Of those that are meant, the first one that was not given, else the last one again. */
function selectMeant({ exchanges, played, ahead }: EraReads, isMeant: IsMeant): PlacedExchange | undefined {
  const meant = exchanges.filter(({ operation }) => isMeant(operation));
  const open = new Set(exchanges.slice(played).filter((placed) => !ahead.has(placed)));
  return meant.find((placed) => open.has(placed)) ?? meant.at(-1);
}

function markGiven(era: EraReads, placed: PlacedExchange): void {
  const { exchanges, ahead } = era;
  // The last answer is given again and again: there is nothing to note.
  if (era.played >= exchanges.length) return;
  ahead.add(placed);
  while (ahead.delete(exchanges[era.played] as PlacedExchange)) era.played += 1;
}

/** What was seen before a moment that is past is not seen again, nor what was given before its turn. The last answer stays. */
function skipPast(era: EraReads, past: EraClock): void {
  const isPast = ({ resources, requestedAt }: PlacedExchange): boolean => requestedAt < past.findEra(resources);
  const { exchanges, ahead } = era;
  while (era.played < exchanges.length - 1) {
    const next = exchanges[era.played] as PlacedExchange;
    if (!isPast(next) && !ahead.delete(next)) return;
    era.played += 1;
  }
}

/** Of two eras that stand in, the nearer one is better. */
function isBetter(one: EraChoice, other: EraChoice): boolean {
  if (one.rank !== other.rank) return one.rank < other.rank;
  const [era, than] = [one.era?.era ?? BEFORE_ANY_CHANGE, other.era?.era ?? BEFORE_ANY_CHANGE];
  return (one.rank === EARLIER && era > than) || (one.rank === LATER && era < than);
}

/** Index of the last era not after `now`; -1 if all are later. Eras are sorted. */
function findLastNotAfter(eras: readonly EraReads[], now: number): number {
  let [low, high] = [0, eras.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((eras[middle] as EraReads).era <= now) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function insertSorted(eras: EraReads[], era: EraReads): void {
  eras.splice(findLastNotAfter(eras, era.era) + 1, 0, era);
}
