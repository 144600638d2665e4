/**
 * Heads that the recorded daemon has refused, too. No responder gets to see them, and the client gets such a refusal
 * again: the run is as it was recorded.
 */
import { findFieldValue, hasToken, parseRequestHead, type RequestHead } from "../../wire/http/head.ts";
import type { Deck } from "../deck/deck.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

/** What Go's server answers to a head that it can parse (net/http server.go, conn.serve). It closes the connection then. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 417, 501]);

/**
 * Counts the exchange as played that has the refusal of this head.
 * @param start what the client has sent
 * @returns whether one of the decks has it
 */
export function playRefusal(start: Buffer, decks: Iterable<Deck>): boolean {
  const head = parseIfWhole(start);
  if (head === undefined) return false;
  for (const deck of decks) {
    const placed = deck.exchanges.find((each) => isOpen(each, deck) && isRefusalOf(each, head));
    if (placed === undefined) continue;
    countAsPlayed(placed, deck);
    return true;
  }
  return false;
}

/** What cannot be parsed is on no cassette. */
function parseIfWhole(start: Buffer): RequestHead | undefined {
  try {
    return parseRequestHead(start);
  } catch {
    return undefined;
  }
}

/** A change is played once; a read as often as it is requested. */
function isOpen(placed: PlacedExchange, deck: Deck): boolean {
  return placed.role !== "change" || !deck.playedExchanges.has(placed);
}

function isRefusalOf({ entry }: PlacedExchange, { method, target }: RequestHead): boolean {
  if (entry.method !== method || entry.target !== target) return false;
  const { response } = entry.readExchange();
  if (response === undefined || !REFUSALS.has(response.status)) return false;
  const fields = response.exactHead ?? response.headers;
  // A handler's own errors are JSON, and leave the connection open.
  return hasToken(fields, "Connection", "close") && findFieldValue(fields, "Content-Type") !== "application/json";
}

function countAsPlayed(placed: PlacedExchange, deck: Deck): void {
  deck.begin(placed, placed.operation);
  deck.end(placed);
  // A read is requested when it is found.
  if (placed.role === "read") void deck.find(deck.normalizeRecorded(placed), () => deck.normalizeRecordedBody(placed));
}
