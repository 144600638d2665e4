/**
 * Exchanges of containers, by the path that has the long id of the container. Most are recorded under that path, where
 * the deck's `EntryMap` has them. This one has the others, and makes entries of both when a request looks them up.
 */
import { replaceContainer } from "../../match/normalize/normalize-request.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import type { EntryMap } from "./entry-map.ts";
import { type IndexEntry, PathEntries, type PathEntriesOptions } from "./path-entries.ts";

export class AliasMap {
  readonly #recorded: EntryMap;
  readonly #options: PathEntriesOptions;
  readonly #renamed = new Map<string, PlacedExchange[]>();
  readonly #opened = new Map<string, PathEntries>();

  /**
   * @param recorded the same exchanges, by their recorded paths
   * @param options `formatKey` formats the key at the path with the long id
   */
  constructor(recorded: EntryMap, options: PathEntriesOptions) {
    this.#recorded = recorded;
    this.#options = options;
  }

  /** Notes an exchange whose container has another name in its path. */
  add(placed: PlacedExchange): void {
    if (hasLongId(placed)) return;
    const path = toAliasPath(placed);
    if (path === undefined) return;
    const known = this.#renamed.get(path);
    if (known === undefined) this.#renamed.set(path, [placed]);
    else known.push(placed);
  }

  get(path: string, key: string): IndexEntry | undefined {
    const opened = this.#opened.get(path) ?? this.#open(path);
    return opened?.get(key);
  }

  #open(path: string): PathEntries | undefined {
    const own = this.#recorded.listAt(path).filter(hasLongId);
    const exchanges = [...own, ...(this.#renamed.get(path) ?? [])].sort((a, b) => a.requestedAt - b.requestedAt);
    if (exchanges.length === 0) return undefined;
    const opened = new PathEntries(exchanges, this.#options);
    this.#opened.set(path, opened);
    return opened;
  }
}

/** Whether the second segment of the path is the container's long id. */
function hasLongId({ operation: { path }, container }: PlacedExchange): boolean {
  if (container === undefined || container.includes("/")) return false;
  const start = path.indexOf("/", 1) + 1;
  const end = start + container.length;
  return path.startsWith(container, start) && (end === path.length || path[end] === "/");
}

function toAliasPath({ operation, container }: PlacedExchange): string | undefined {
  return container === undefined ? undefined : replaceContainer(operation.path, container);
}
