/**
 * The reads that a client made while a change was under way. Played at once, the change would be over before the client
 * asks again, and it would see what comes after. So the end of a change waits for them.
 */
import type { Clock } from "../../base/clock.ts";
import type { EraClock } from "../history/era-clock.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

/** A client that asks nothing for this long will not ask any more. */
const QUIET_MS = 2000;

const NONE: readonly PlacedExchange[] = [];

export interface AwaitedReadsOptions {
  /** The key under which a recorded request is found. */
  readonly formatKey: (placed: PlacedExchange) => string;
  /** Grows during the run: what has been played. */
  readonly played: ReadonlySet<PlacedExchange>;
  /** A read that was recorded before this moment of its resources is not given any more. */
  readonly past: EraClock;
}

export class AwaitedReads {
  readonly #options: AwaitedReadsOptions;
  readonly #readsByName: ReadonlyMap<string, readonly PlacedExchange[]>;
  readonly #exchanges: readonly PlacedExchange[];
  readonly #known = new Map<PlacedExchange, readonly PlacedExchange[]>();
  readonly #waiters = new Set<() => void>();

  constructor(exchanges: readonly PlacedExchange[], options: AwaitedReadsOptions) {
    this.#options = options;
    this.#exchanges = exchanges;
    this.#readsByName = groupByName(exchanges);
  }

  /** A read was requested, or is past. */
  notify(): void {
    if (this.#waiters.size === 0) return;
    for (const resume of [...this.#waiters]) resume();
  }

  /** Whether a client still has to look at what `change` has not finished yet, before it may end. */
  isAwaitedBy(change: PlacedExchange): boolean {
    return this.#findOpen(change).length > 0;
  }

  #findOpen(change: PlacedExchange): readonly PlacedExchange[] {
    const { name } = change.entry;
    if (name === undefined || !this.#readsByName.has(name)) return NONE;
    const reads = this.#known.get(change) ?? this.#findTellingReads(change, this.#readsByName.get(name) ?? []);
    this.#known.set(change, reads);
    const { played, past } = this.#options;
    return reads.filter((read) => !played.has(read) && read.requestedAt >= past.findEra(read.resources));
  }

  /**
   * Resolves when the client has made these reads, when it has made none of them for two seconds, or when it has gone.
   * A client may poll less often than it was recorded, or not at all: a timer made it ask.
   */
  async waitFor(change: PlacedExchange, clock: Clock, gone: Promise<unknown>): Promise<void> {
    let open = this.#findOpen(change).length;
    while (open > 0) {
      if (!(await this.#hasProgress(change, open, clock, gone))) return;
      open = this.#findOpen(change).length;
    }
  }

  /** Resolves with true when one of the `open` reads was made, and with false when none was within the limit. */
  async #hasProgress(change: PlacedExchange, open: number, clock: Clock, gone: Promise<unknown>): Promise<boolean> {
    const limit = new AbortController();
    let resume: () => void = () => undefined;
    const read = new Promise<boolean>((resolve) => {
      resume = () => {
        if (this.#findOpen(change).length < open) resolve(true);
      };
      this.#waiters.add(resume);
    });
    const isQuiet = clock.sleep(QUIET_MS, limit.signal).then(() => false);
    const hasProgress = await Promise.race([read, isQuiet, gone.then(() => false)]);
    this.#waiters.delete(resume);
    limit.abort();
    return hasProgress;
  }

  /** Those that are answered otherwise when the change is over. */
  #findTellingReads(change: PlacedExchange, reads: readonly PlacedExchange[]): readonly PlacedExchange[] {
    const { formatKey } = this.#options;
    const during = reads.filter(({ era }) => era === change.requestedAt);
    const later = this.#exchanges.filter(({ role, era }) => role === "read" && era === change.answeredAt);
    const answersAfter = new Map(later.reverse().map((read) => [formatKey(read), sliceAnswer(read)]));
    const isTelling = (read: PlacedExchange): boolean => {
      const after = answersAfter.get(formatKey(read));
      return after !== undefined && after !== sliceAnswer(read);
    };
    return during.filter(isTelling);
  }
}

function groupByName(exchanges: readonly PlacedExchange[]): Map<string, PlacedExchange[]> {
  const groups = new Map<string, PlacedExchange[]>();
  for (const placed of exchanges) {
    if (placed.role !== "read") continue;
    for (const name of placed.entry.during) groups.set(name, [...(groups.get(name) ?? []), placed]);
  }
  return groups;
}

function sliceAnswer({ entry }: PlacedExchange): string {
  const text = entry.readText().trimEnd();
  // How long the daemon took tells a client nothing.
  return text.slice(text.indexOf("\nresponse:")).replace(/^ {2}wait: .*\n/m, "");
}
