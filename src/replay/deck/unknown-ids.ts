/**
 * Ids that name nothing. A test that asks for something that is not there makes an id up, and makes up another one in the
 * next run. Any such id gets the answer that the recorded one got.
 */
import { readStatus } from "../../cassette/read.ts";
import { formatKey, type NormalizedRequest } from "../../match/normalize/normalize-request.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import { groupExchanges, type SimilarExchanges } from "./similar-exchanges.ts";
import type { NormalizeRecorded, UnknownIdAnswer } from "./unknown-id-answer.ts";
import { UnknownPaths } from "./unknown-paths.ts";

/** Digits, or a hexadecimal number: no word. */
const MADE_UP = [/^\d{2,}$/, /^(?=.*\d)[0-9a-f]{4,}$/];

const CONTAINER = "container:";

export class UnknownIds {
  readonly #exchanges: SimilarExchanges;
  readonly #paths: UnknownPaths;
  /** By operation: those that only refused their id, as all others of that id did. */
  readonly #refusals = new Map<string, readonly PlacedExchange[]>();
  #byId: ReadonlyMap<string, readonly PlacedExchange[]> | undefined;
  #known: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(exchanges: SimilarExchanges) {
    this.#exchanges = exchanges;
    this.#paths = new UnknownPaths(exchanges);
  }

  /**
   * @param normalize a recorded request in the form in which it is looked up
   * @returns undefined if the id in the path is a word, or is known to the recording
   */
  find(request: NormalizedRequest, normalize: NormalizeRecorded): UnknownIdAnswer | undefined {
    return this.#findId(request, normalize) ?? this.#paths.find(request, normalize);
  }

  #findId(request: NormalizedRequest, normalize: NormalizeRecorded): UnknownIdAnswer | undefined {
    const id = getId(request);
    if (id === undefined || !isMadeUp(id)) return undefined;
    const placed = this.#listRefusals(request).find(
      (one) => areAlike(getId(one) ?? "", id) && formatKey(normalize(one), replaceId(one, id)) === request.key,
    );
    if (placed === undefined || this.#isKnown(id, getKind(request))) return undefined;
    return { placed, ids: [getId(placed) ?? "", id] };
  }

  #listRefusals(request: NormalizedRequest): readonly PlacedExchange[] {
    const key = `${request.method} ${request.operation.name}`;
    const known = this.#refusals.get(key);
    if (known !== undefined) return known;
    const refusals = this.#exchanges.ofOperation(request).filter((placed) => {
      const id = getId(placed);
      // Its own answer comes first: to group all exchanges by their ids takes longer.
      return id !== undefined && isRefused(placed) && isMadeUp(id) && this.#isOnlyRefused(id);
    });
    this.#refusals.set(key, refusals);
    return refusals;
  }

  #isOnlyRefused(id: string): boolean {
    this.#byId ??= groupExchanges(this.#exchanges.all, getId);
    return (this.#byId.get(id) ?? []).every(isRefused);
  }

  /** A thing is also known by the beginning of its id, among things of its kind: no exec by a container's. */
  #isKnown(id: string, kind: string): boolean {
    this.#known ??= listIds(this.#exchanges.all);
    const ids = this.#known.get(kind) ?? [];
    return ids[findFirst(ids, id)]?.startsWith(id) === true;
  }
}

function isRefused({ entry }: PlacedExchange): boolean {
  return readStatus(entry) === 404;
}

/** All ids of paths and containers by the kind of thing, sorted. */
function listIds(exchanges: readonly PlacedExchange[]): ReadonlyMap<string, readonly string[]> {
  const kinds = new Map<string, Set<string>>([["containers", new Set()]]);
  for (const placed of exchanges) {
    const [id, kind] = [getId(placed), getKind(placed)];
    if (id !== undefined) kinds.set(kind, (kinds.get(kind) ?? new Set()).add(id));
    for (const name of placed.resources) {
      if (name.startsWith(CONTAINER)) kinds.get("containers")?.add(name.slice(CONTAINER.length));
    }
  }
  return new Map([...kinds].map(([kind, ids]) => [kind, [...ids].sort()]));
}

/** `containers`, `exec`, `networks`: the first segment of the path. */
function getKind({ operation }: Pick<PlacedExchange, "operation">): string {
  return operation.path.split("/")[1] ?? "";
}

/** The index of the first of the sorted words that does not come before this one. */
function findFirst(words: readonly string[], word: string): number {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] as string) < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

function getId({ operation }: Pick<PlacedExchange, "operation">): string | undefined {
  return operation.params.id ?? operation.params.name;
}

function isMadeUp(id: string): boolean {
  return MADE_UP.some((grammar) => grammar.test(id));
}

function areAlike(recorded: string, today: string): boolean {
  return MADE_UP.some((grammar) => grammar.test(recorded) && grammar.test(today));
}

function replaceId({ operation }: PlacedExchange, id: string): string {
  const recorded = getId({ operation });
  return operation.path
    .split("/")
    .map((segment) => (segment === recorded ? id : segment))
    .join("/");
}
