/** Finds the recorded request that differs least from one that nothing recorded answers. */
import { type ComparableRequest, compareHeads, compareRequests, toComparable } from "../../match/compare-requests.ts";
import { NO_BODY } from "../../match/normalize/normalize-body.ts";
import type { NormalizedRequest } from "../../match/normalize/normalize-request.ts";
import type { Call } from "../../session/call.ts";
import type { Deck } from "../deck/deck.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import type { NearestExchange, RecordedPlace } from "../miss.ts";
import { normalizeCall, normalizeCallBody, viewAsClient } from "../normalize-call.ts";

/** How many recorded requests are compared without, and how many with their bodies. */
const COMPARED_HEADS = 100;
const COMPARED_BODIES = 20;

/**
 * Compared number by number: a smaller one is nearer, however large those behind it are. The last one counts what differs
 * by the rules of the client that asks alone. It is not shown, since it would not keep the exchange from answering.
 */
type Distance = readonly [target: Target, isOver: 0 | 1, differences: number, own?: number];

interface Candidate extends Pick<NearestExchange, "differences"> {
  readonly deck: Deck;
  readonly placed: PlacedExchange;
  readonly distance: Distance;
}

export async function findNearest(decks: readonly Deck[], call: Call): Promise<NearestExchange | undefined> {
  const candidates: Candidate[] = [];
  for (const deck of decks) {
    const request = normalizeCall(call, deck);
    // The error is sent while the client may still be uploading: then its body cannot be compared.
    const got = toComparable(request, call.isBodyRead ? await normalizeCallBody(call, deck) : NO_BODY);
    const view = call.isBodyRead ? viewAsClient(call, deck) : undefined;
    for (const placed of selectCandidates(deck, request, got)) {
      const reading = call.isBodyRead ? deck.normalizeRecordedBody(placed) : NO_BODY;
      const body = reading instanceof Promise ? await reading : reading;
      const differences = compareRequests(toComparable(deck.normalizeRecordedLike(placed, request), body), got);
      const own = view === undefined ? 0 : (await view.compare(placed)).length;
      const distance: Distance = [rankTarget(placed, request), isOver(deck, placed), differences.length, own];
      candidates.push({ deck, placed, differences, distance });
    }
  }
  const [best] = candidates.sort((a, b) => compareDistances(a.distance, b.distance));
  return best && { ...locateExchange(best.deck, best.placed), differences: best.differences };
}

export function locateExchange({ cassette: { file } }: Deck, { entry }: PlacedExchange): RecordedPlace {
  return { place: `${file}:${entry.line}`, name: entry.name };
}

/** A change that was played is less likely to be the one that the client means. */
function isOver({ playedExchanges }: Deck, placed: PlacedExchange): 0 | 1 {
  return placed.role === "change" && playedExchanges.has(placed) ? 1 : 0;
}

/** Where the recorded request goes, beside today's. A body of many parts does not make another path the nearer one. */
const TARGET = { same: 0, akin: 1, other: 2 } as const;
type Target = (typeof TARGET)[keyof typeof TARGET];

function rankTarget({ operation, entry }: PlacedExchange, request: NormalizedRequest): Target {
  const hasPath = operation.path === request.operation.path;
  const hasOperation = entry.method === request.method && operation.name === request.operation.name;
  if (hasPath && hasOperation) return TARGET.same;
  return hasPath || hasOperation ? TARGET.akin : TARGET.other;
}

function compareDistances(one: Distance, other: Distance): number {
  for (let at = 0; at < one.length; at += 1) {
    const difference = (one[at] as number) - (other[at] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Similar recorded requests; those that differ least without their bodies come first. */
function selectCandidates(deck: Deck, request: NormalizedRequest, got: ComparableRequest): readonly PlacedExchange[] {
  const measure = (placed: PlacedExchange): Distance => {
    const recorded = toComparable(deck.normalizeRecordedLike(placed, request), got.body);
    return [rankTarget(placed, request), isOver(deck, placed), compareHeads(recorded, got).length];
  };
  return takeNearest(selectSimilar(deck, request), measure, COMPARED_BODIES);
}

/** Of the same path or operation; without any, those whose path differs in one segment. */
function selectSimilar(deck: Deck, request: NormalizedRequest): readonly PlacedExchange[] {
  const atPath = deck.similar.atPath(request.operation.path);
  const akin = [...new Set(takeOpenFirst(deck, chain(atPath, deck.similar.ofOperation(request))))];
  if (akin.length > 0) return akin;
  return takeOpenFirst(
    deck,
    deck.exchanges.filter((placed) => isSimilar(placed, request)),
  );
}

/** As many as heads are compared; those that are over fill what is left. */
function takeOpenFirst(deck: Deck, exchanges: Iterable<PlacedExchange>): readonly PlacedExchange[] {
  const open: PlacedExchange[] = [];
  const over: PlacedExchange[] = [];
  for (const placed of exchanges) {
    const list = isOver(deck, placed) ? over : open;
    if (list.length < COMPARED_HEADS) list.push(placed);
    if (open.length === COMPARED_HEADS) break;
  }
  return [...open, ...over].slice(0, COMPARED_HEADS);
}

function* chain<T>(...lists: readonly Iterable<T>[]): Generator<T> {
  for (const list of lists) yield* list;
}

function takeNearest<T>(items: readonly T[], measure: (item: T) => Distance, limit: number): readonly T[] {
  return items
    .map((item) => ({ item, distance: measure(item) }))
    .sort((a, b) => compareDistances(a.distance, b.distance))
    .slice(0, limit)
    .map(({ item }) => item);
}

/** A path that differs in one segment. */
function isSimilar({ operation, entry }: PlacedExchange, request: NormalizedRequest): boolean {
  if (entry.method !== request.method) return false;
  return isSimilarPath(operation.path.split("/").slice(1), request.operation.path.split("/").slice(1));
}

function isSimilarPath(recorded: readonly string[], got: readonly string[]): boolean {
  const inCommon = recorded.filter((segment, at) => segment === got[at]).length;
  return recorded.length === got.length && got.length > 1 && inCommon === got.length - 1;
}
