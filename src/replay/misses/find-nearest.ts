/** Finds the recorded request that differs least from one that nothing recorded answers. */
import { type ComparableRequest, compareRequests, toComparable } from "../../match/compare-requests.ts";
import { NO_BODY } from "../../match/normalize-body.ts";
import type { NormalizedRequest } from "../../match/normalize-request.ts";
import type { Call } from "../../session/call.ts";
import type { Deck } from "../deck/deck.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import type { NearestExchange, RecordedPlace } from "../miss.ts";
import { normalizeCall, normalizeCallBody } from "../normalize-call.ts";

/** How many recorded requests are compared without, and how many with their bodies. */
const COMPARED_HEADS = 1000;
const COMPARED_BODIES = 20;

/** Compared number by number: a smaller one is nearer, however large those behind it are. */
type Distance = readonly [target: Target, isOver: 0 | 1, differences: number];

interface Candidate extends NearestExchange {
  readonly distance: Distance;
}

export async function findNearest(decks: readonly Deck[], call: Call): Promise<NearestExchange | undefined> {
  const candidates: Candidate[] = [];
  for (const deck of decks) {
    const request = normalizeCall(call, deck);
    // The error is sent while the client may still be uploading: then its body cannot be compared.
    const got = toComparable(request, call.isBodyRead ? await normalizeCallBody(call, deck) : NO_BODY);
    for (const placed of selectCandidates(deck, request, got)) {
      const body = call.isBodyRead ? await deck.normalizeRecordedBody(placed) : NO_BODY;
      const differences = compareRequests(toComparable(deck.normalizeRecordedLike(placed, request), body), got);
      const distance: Distance = [rankTarget(placed, request), isOver(deck, placed), differences.length];
      candidates.push({ ...locateExchange(deck, placed), differences, distance });
    }
  }
  const [best] = candidates.sort((a, b) => compareDistances(a.distance, b.distance));
  return best && { place: best.place, name: best.name, differences: best.differences };
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
  const at = one.findIndex((number, index) => number !== other[index]);
  return at === -1 ? 0 : (one[at] as number) - (other[at] as number);
}

/** Similar recorded requests; those that differ least without their bodies come first. */
function selectCandidates(deck: Deck, request: NormalizedRequest, got: ComparableRequest): readonly PlacedExchange[] {
  const countDifferences = (placed: PlacedExchange): number =>
    compareRequests(toComparable(deck.normalizeRecordedLike(placed, request), got.body), got).length;
  const measure = (placed: PlacedExchange, differences: number): Distance => [
    rankTarget(placed, request),
    isOver(deck, placed),
    differences,
  ];
  const similar = deck.exchanges.filter((placed) => isSimilar(placed, request));
  const compared = takeNearest(similar, (placed) => measure(placed, 0), COMPARED_HEADS);
  return takeNearest(compared, (placed) => measure(placed, countDifferences(placed)), COMPARED_BODIES);
}

function takeNearest<T>(items: readonly T[], measure: (item: T) => Distance, limit: number): readonly T[] {
  return items
    .map((item) => ({ item, distance: measure(item) }))
    .sort((a, b) => compareDistances(a.distance, b.distance))
    .slice(0, limit)
    .map(({ item }) => item);
}

/** The same operation; the same path with another method; or a path that differs in one segment. */
function isSimilar({ operation, entry }: PlacedExchange, request: NormalizedRequest): boolean {
  const { name, path } = request.operation;
  if (entry.method !== request.method) return operation.path === path;
  return operation.name === name || isSimilarPath(operation.path.split("/").slice(1), path.split("/").slice(1));
}

function isSimilarPath(recorded: readonly string[], got: readonly string[]): boolean {
  const inCommon = recorded.filter((segment, at) => segment === got[at]).length;
  return recorded.length === got.length && got.length > 1 && inCommon === got.length - 1;
}
