/**
 * Reads that come before the change they were recorded with. `docker compose up` lists containers in one thread and
 * starts one in another: its two requests come in any order. A read of which the recording has nothing for now, only an
 * answer from while the next change was under way, is held until that change is requested. An answer from before the
 * latest change would take its place, and show what is not so any more.
 */
import type { Clock } from "../../base/clock.ts";
import type { NormalizedRequest } from "../../match/normalize/normalize-request.ts";
import { BEFORE_ANY_CHANGE, type PlacedExchange } from "../history/place-exchanges.ts";
import type { DeckRun } from "../run/deck-run.ts";
import type { ExchangeIndex } from "./exchange-index.ts";
import type { IndexEntry } from "./path-entries.ts";
import type { ReadMoment } from "./read-queue.ts";

/** A change that does not come in this time comes after the read: other threads, or another client. */
const LIMIT_MS = 2000;

export interface HeldReadsOptions {
  readonly exchanges: readonly PlacedExchange[];
  readonly index: ExchangeIndex;
  readonly moment: ReadMoment;
  readonly run: Pick<DeckRun, "cues" | "waits">;
}

/** What a read is held for. */
interface AwaitedChange {
  readonly name: string;
  /** One that was recorded during the change. */
  readonly read: PlacedExchange;
  readonly entry: IndexEntry;
}

export class HeldReads {
  readonly #options: HeldReadsOptions;
  /** Changes that have not come in time: a client that polls is held once for each. */
  readonly #late = new Set<string>();
  /** A client may poll while an answer is still to come, and the search goes through the cassette. */
  readonly #erasBefore = new WeakMap<PlacedExchange, number>();

  constructor(options: HeldReadsOptions) {
    this.#options = options;
  }

  /** Whether the recording has an answer to `request` for now. */
  hasAnswer(request: NormalizedRequest): boolean {
    const { index, moment } = this.#options;
    for (const { reads } of index.findEntries(request)) if (reads.hasCurrent(moment)) return true;
    return false;
  }

  /**
   * Undefined where nothing has to be waited for. Resolves with the answer when the change was requested, or with
   * undefined after two seconds, or when the client has gone.
   */
  hold(
    request: NormalizedRequest,
    clock: Clock,
    gone: Promise<unknown>,
  ): Promise<PlacedExchange | undefined> | undefined {
    const change = this.#findChange(request);
    return change && this.#waitFor(change, clock, gone);
  }

  async #waitFor(
    { name, read, entry }: AwaitedChange,
    clock: Clock,
    gone: Promise<unknown>,
  ): Promise<PlacedExchange | undefined> {
    const { moment, run } = this.#options;
    const limit = new AbortController();
    const note = (): void => {
      if (!limit.signal.aborted) this.#late.add(name);
    };
    const over = Promise.race([gone, clock.sleep(LIMIT_MS, limit.signal).then(note)]);
    const wait = async (): Promise<boolean> => {
      // What waits is woken, too, when another exchange takes the place of one.
      while (await run.cues.waitFor(name, over)) if (run.cues.hasFired(name)) return true;
      return false;
    };
    const hasFired = await run.waits.during(read.entry.readExchange(), `\`${name}\``, wait);
    limit.abort();
    if (!hasFired) return undefined;
    entry.isRead = true;
    return entry.reads.takeUpcoming(read, moment);
  }

  #findChange(request: NormalizedRequest): AwaitedChange | undefined {
    const { exchanges, index, moment } = this.#options;
    for (const entry of index.findEntries(request)) {
      const read = entry.reads.findUpcoming(moment);
      const name = read && findOpeningChange(read, exchanges)?.entry.name;
      if (read === undefined || name === undefined || this.#late.has(name)) continue;
      if (this.#findEraBefore(read) <= moment.eras.findEra(read.resources)) return { name, read, entry };
    }
    return undefined;
  }

  #findEraBefore(read: PlacedExchange): number {
    const era = this.#erasBefore.get(read) ?? findEraBefore(read, this.#options.exchanges);
    this.#erasBefore.set(read, era);
    return era;
  }
}

/** The change whose request opens the era of `read`, if that is a request. */
function findOpeningChange(read: PlacedExchange, exchanges: readonly PlacedExchange[]): PlacedExchange | undefined {
  const change = exchanges[read.era / 2];
  return change?.requestedAt === read.era ? change : undefined;
}

/** The era of `read` if it had come before the changes that were under way with it. */
function findEraBefore(read: PlacedExchange, exchanges: readonly PlacedExchange[]): number {
  for (let at = read.entry.index - 1; at >= 0; at -= 1) {
    const change = exchanges[at] as PlacedExchange;
    if (change.role === "change" && !isTogether(change, read) && sharesResource(change, read)) return change.answeredAt;
  }
  return BEFORE_ANY_CHANGE;
}

function isTogether({ entry: { name } }: PlacedExchange, { entry: { during } }: PlacedExchange): boolean {
  return name !== undefined && during.includes(name);
}

function sharesResource(one: PlacedExchange, other: PlacedExchange): boolean {
  return one.resources.some((resource) => other.resources.includes(resource));
}
