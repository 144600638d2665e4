/** Finds the recorded request that differs least from one that nothing recorded answers. */
import {
  type ComparableRequest,
  compareRequests,
  type FieldDifference,
  toComparable,
} from "../../match/compare-requests.ts";
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

interface Candidate extends NearestExchange {
  readonly distance: number;
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
      const distance = measureDistance(differences, isOver(deck, placed));
      candidates.push({ ...locateExchange(deck, placed), differences, distance });
    }
  }
  const [best] = candidates.sort((a, b) => a.distance - b.distance);
  return best && { place: best.place, name: best.name, differences: best.differences };
}

export function locateExchange({ cassette: { file } }: Deck, { entry }: PlacedExchange): RecordedPlace {
  return { place: `${file}:${entry.line}`, name: entry.name };
}

/** A change that was played is less likely to be the one that the client means. */
function isOver({ playedExchanges }: Deck, placed: PlacedExchange): boolean {
  return placed.role === "change" && playedExchanges.has(placed);
}

/** Of two that differ in as many fields, the one with the same path is nearer, then the one that can still be played. */
function measureDistance(differences: readonly FieldDifference[], isOver: boolean): number {
  const isElsewhere = differences.some(({ field }) => field === "path");
  return differences.length + (isElsewhere ? 0.5 : 0) + (isOver ? 0.25 : 0);
}

/** Similar recorded requests; those that differ least without their bodies come first. */
function selectCandidates(deck: Deck, request: NormalizedRequest, got: ComparableRequest): readonly PlacedExchange[] {
  const measure = (placed: PlacedExchange): number => {
    const recorded = toComparable(deck.normalizeRecordedLike(placed, request), got.body);
    return measureDistance(compareRequests(recorded, got), isOver(deck, placed));
  };
  return deck.exchanges
    .filter((placed) => isSimilar(placed, request))
    .slice(0, COMPARED_HEADS)
    .map((placed) => ({ placed, distance: measure(placed) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, COMPARED_BODIES)
    .map(({ placed }) => placed);
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
