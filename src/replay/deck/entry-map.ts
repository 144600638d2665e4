/** The exchanges of each path. To format a key for each of 100,000 exchanges takes a tenth of the time until they are ready. */
import type { PlacedExchange } from "../history/place-exchanges.ts";
import { type IndexEntry, PathEntries, type PathEntriesOptions } from "./path-entries.ts";

export class EntryMap {
  readonly #options: PathEntriesOptions;
  /** An exchange stands for the entries of a path that it has alone, and that was not asked for. */
  readonly #paths = new Map<string, PathEntries | PlacedExchange>();

  constructor(options: PathEntriesOptions) {
    this.#options = options;
  }

  add(path: string, placed: PlacedExchange): void {
    const known = this.#paths.get(path);
    if (known === undefined) this.#paths.set(path, placed);
    else if (known instanceof PathEntries) known.exchanges.push(placed);
    else this.#paths.set(path, new PathEntries([known, placed], this.#options));
  }

  get(path: string, key: string): IndexEntry | undefined {
    return this.#open(path)?.get(key);
  }

  /** In recorded order, whatever their keys. */
  listAt(path: string): readonly PlacedExchange[] {
    return this.#open(path)?.exchanges ?? NONE;
  }

  /** All entries; an exchange stands for one that was not asked for. */
  *listAll(): Generator<IndexEntry | PlacedExchange> {
    for (const known of this.#paths.values()) {
      if (known instanceof PathEntries) yield* known.listAll();
      else yield known;
    }
  }

  #open(path: string): PathEntries | undefined {
    const known = this.#paths.get(path);
    if (known === undefined || known instanceof PathEntries) return known;
    const entries = new PathEntries([known], this.#options);
    this.#paths.set(path, entries);
    return entries;
  }
}

const NONE: readonly PlacedExchange[] = [];
