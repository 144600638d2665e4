/** The last responder of a replay. It answers every call that nothing recorded answers, with an error as dockerd's. */
import type { Call, Responder } from "../../session/call.ts";
import type { Deck } from "../deck/deck.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";
import type { ExpectedExchange, Miss } from "../miss.ts";
import { MissMask } from "../miss-mask.ts";
import { normalizeCall, normalizeCallBody } from "../normalize-call.ts";
import type { SessionForCall } from "../replay-sessions.ts";
import { writeError } from "../write-error.ts";
import { findNearest, locateExchange } from "./find-nearest.ts";
import { formatNoMatch, formatPlayedAlready, type RecordCommands } from "./miss-text.ts";

/**
 * Answers with status 501, and adds the miss to its session.
 * @param commands those that record what is missing, for the text
 * @example
 * const pieces = async function* () {};
 * const sessions = new ReplaySessions([new Deck(readCassette("web.yaml"), { pieces })], { isPerConnection: false });
 * const daemon = createDaemon(
 *   replay(sessions.decksFor, { clock: systemClock }),
 *   respondToMiss((call) => sessions.findForCall(call)),
 * );
 */
export function respondToMiss(sessionFor: SessionForCall, commands: RecordCommands = {}): Responder {
  return async (call) => {
    const { decks, misses } = sessionFor(call);
    const miss = await explainMiss([...decks], call, commands);
    misses.push(miss);
    await writeError(call, 501, "Not Implemented", miss.message);
    return true;
  };
}

/** What a miss tells beside the nearest exchange. */
interface MissHints {
  readonly expected: ExpectedExchange | undefined;
  readonly commands: RecordCommands;
}

async function explainMiss(decks: readonly Deck[], call: Call, commands: RecordCommands): Promise<Miss> {
  const hints = { expected: findExpected(decks), commands };
  for (const deck of decks) {
    const request = normalizeCall(call, deck);
    const played = await deck.findPlayed(request, () => normalizeCallBody(call, deck));
    if (played !== undefined) return toPlayedAlready(deck, played, call, hints);
  }
  return toNoMatch(decks, call, hints);
}

async function toNoMatch(decks: readonly Deck[], call: Call, { expected, commands }: MissHints): Promise<Miss> {
  const found = await findNearest(decks, call);
  const mask = createMask(decks, call);
  const method = mask.maskMethod(call.head.method);
  const target = mask.maskTarget(call.head.target);
  const nearest = found && { ...found, differences: mask.maskDifferences(found.differences) };
  const files = decks.map(({ cassette }) => cassette.file);
  return {
    code: "WHALESONG_NO_MATCH",
    method,
    target,
    ...(nearest === undefined ? {} : { nearest }),
    ...(expected === undefined ? {} : { expected }),
    message: formatNoMatch({
      ...{ method, target, files, nearest, expected, commands },
      unfinished: listUnfinished(decks),
      header: decks[0]?.cassette.header,
    }),
  };
}

function toPlayedAlready(deck: Deck, placed: PlacedExchange, call: Call, { expected, commands }: MissHints): Miss {
  const mask = createMask([deck], call);
  const method = mask.maskMethod(call.head.method);
  const target = mask.maskTarget(call.head.target);
  const place = locateExchange(deck, placed);
  return {
    code: "WHALESONG_PLAYED_ALREADY",
    method,
    target,
    nearest: { ...place, differences: [] },
    ...(expected === undefined ? {} : { expected }),
    message: formatPlayedAlready(
      { method, target, expected, commands, unfinished: listUnfinished([deck]), header: deck.cassette.header },
      deck.cassette.file,
      place,
    ),
  };
}

function listUnfinished(decks: readonly Deck[]): readonly string[] {
  return decks.flatMap(({ cassette }) => (cassette.header.isUnfinished ? [cassette.file] : []));
}

function createMask(decks: readonly Deck[], { head }: Call): MissMask {
  return new MissMask(
    head,
    decks.flatMap(({ cassette }) => cassette.header.redact ?? []),
  );
}

/** The first change that no client requested yet. */
function findExpected(decks: readonly Deck[]): ExpectedExchange | undefined {
  for (const deck of decks) {
    const placed = deck.unplayed.findNextChange();
    if (placed === undefined) continue;
    return { ...locateExchange(deck, placed), request: `${placed.entry.method} ${placed.entry.target}` };
  }
  return undefined;
}
