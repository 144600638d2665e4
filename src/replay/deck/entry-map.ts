/**
 * The exchanges of each key. Most keys have one exchange, and most exchanges are not asked for: their queues are made
 * when a request looks them up. With queues for each of 100,000 keys a replay takes 80 MB more.
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

export class EntryMap {
  readonly #options: ChangeQueueOptions;
  /** An exchange stands for an entry that has it alone, and that was not asked for. */
  readonly #entries = new Map<string, IndexEntry | PlacedExchange>();

  constructor(options: ChangeQueueOptions) {
    this.#options = options;
  }

  add(key: string, placed: PlacedExchange): void {
    const known = this.get(key);
    if (known === undefined) this.#entries.set(key, placed);
    else addToQueue(known, placed);
  }

  get(key: string): IndexEntry | undefined {
    const known = this.#entries.get(key);
    return known === undefined || "changes" in known ? known : this.#createEntry(key, known);
  }

  /** All of them, whether they were asked for or not. */
  *listAll(): Generator<IndexEntry> {
    for (const key of this.#entries.keys()) yield this.get(key) as IndexEntry;
  }

  #createEntry(key: string, placed: PlacedExchange): IndexEntry {
    const entry = { changes: new ChangeQueue(this.#options), reads: new ReadQueue(), isRead: false };
    addToQueue(entry, placed);
    this.#entries.set(key, entry);
    return entry;
  }
}

function addToQueue({ changes, reads }: IndexEntry, placed: PlacedExchange): void {
  if (placed.role === "change") changes.add(placed);
  else reads.add(placed);
}
