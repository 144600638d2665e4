/**
 * The exchanges of one path, by their keys. Most exchanges are not asked for: keys are formatted, and queues are made,
 * when a request looks the path up. With queues for each of 100,000 keys a replay takes 80 MB more.
 */
import type { PlacedExchange } from "../history/place-exchanges.ts";
import { ChangeQueue, type ChangeQueueOptions } from "./change-queue.ts";
import { ReadQueue } from "./read-queue.ts";

/** The exchanges of one key. */
export interface IndexEntry {
  readonly changes: ChangeQueue;
  readonly reads: ReadQueue;
  /** A read of this key was answered at least once. */
  isRead: boolean;
}

export interface PathEntriesOptions extends ChangeQueueOptions {
  /** The key under which a recorded request is looked up. */
  readonly formatKey: (placed: PlacedExchange) => string;
}

export class PathEntries {
  readonly exchanges: PlacedExchange[];
  readonly #options: PathEntriesOptions;
  /** An exchange stands for an entry that has it alone, and that was not asked for. */
  #entries: Map<string, IndexEntry | PlacedExchange> | undefined;

  /** @param exchanges in recorded order */
  constructor(exchanges: PlacedExchange[], options: PathEntriesOptions) {
    this.exchanges = exchanges;
    this.#options = options;
  }

  get(key: string): IndexEntry | undefined {
    this.#entries ??= this.#groupByKey();
    const known = this.#entries.get(key);
    if (known === undefined || "changes" in known) return known;
    const entry = this.#createEntry(known);
    this.#entries.set(key, entry);
    return entry;
  }

  /** All of them; an exchange stands for one that was not asked for. */
  listAll(): Iterable<IndexEntry | PlacedExchange> {
    this.#entries ??= this.#groupByKey();
    return this.#entries.values();
  }

  #groupByKey(): Map<string, IndexEntry | PlacedExchange> {
    const entries = new Map<string, IndexEntry | PlacedExchange>();
    for (const placed of this.exchanges) {
      const key = this.#options.formatKey(placed);
      const known = entries.get(key);
      if (known === undefined) entries.set(key, placed);
      else if ("changes" in known) addToQueue(known, placed);
      else entries.set(key, addToQueue(this.#createEntry(known), placed));
    }
    return entries;
  }

  #createEntry(placed: PlacedExchange): IndexEntry {
    const entry = { changes: new ChangeQueue(this.#options), reads: new ReadQueue(), isRead: false };
    return addToQueue(entry, placed);
  }
}

function addToQueue(entry: IndexEntry, placed: PlacedExchange): IndexEntry {
  if (placed.role === "change") entry.changes.add(placed);
  else entry.reads.add(placed);
  return entry;
}
