/** The last responder of a replay: whoever asks for what is not recorded is told so in the daemon's own voice. */
import type { Call, Responder } from "../../session/call.ts";
import type { Deck } from "../deck/deck.ts";
import type { Scene } from "../history/history.ts";
import type { Expected, Miss } from "../miss.ts";
import type { PlaythroughOf } from "../playthrough.ts";
import { headOf, meaningFor } from "../responder.ts";
import { sayError } from "../say-error.ts";
import { noMatchText, playedAlreadyText } from "./miss-text.ts";
import { nearestOf, recordedAt } from "./nearest.ts";

/** Answers everything, and keeps a list. */
export function missed(playthroughOf: PlaythroughOf): Responder {
  return async (call) => {
    const { rack, misses } = playthroughOf(call);
    const miss = await explain([...rack], call);
    misses.push(miss);
    await sayError(call, 501, "Not Implemented", miss.message);
    return true;
  };
}

async function explain(decks: readonly Deck[], call: Call): Promise<Miss> {
  const expected = expectedNext(decks);
  for (const deck of decks) {
    const request = deck.asked(headOf(call));
    const played = await deck.played(request, await meaningFor(call, request, deck));
    if (played !== undefined) return playedAlready(deck, played, call, expected);
  }
  return noMatch(decks, call, expected);
}

async function noMatch(decks: readonly Deck[], call: Call, expected: Expected | undefined): Promise<Miss> {
  const { method, target } = call.head;
  const nearest = await nearestOf(decks, call);
  const files = decks.map(({ cassette }) => cassette.file);
  return {
    code: "WHALESONG_NO_MATCH",
    method,
    target,
    ...(nearest === undefined ? {} : { nearest }),
    ...(expected === undefined ? {} : { expected }),
    message: noMatchText({ method, target, files, nearest, expected }),
  };
}

function playedAlready(deck: Deck, scene: Scene, { head }: Call, expected: Expected | undefined): Miss {
  const { method, target } = head;
  const recorded = recordedAt(deck, scene);
  return {
    code: "WHALESONG_PLAYED_ALREADY",
    method,
    target,
    nearest: { ...recorded, differences: [] },
    ...(expected === undefined ? {} : { expected }),
    message: playedAlreadyText({ method, target, expected }, deck.cassette.file, recorded),
  };
}

/** The first change that nobody asked for yet. */
function expectedNext(decks: readonly Deck[]): Expected | undefined {
  for (const deck of decks) {
    const scene = deck.unplayed.find(({ role }) => role === "change");
    if (scene !== undefined)
      return { ...recordedAt(deck, scene), request: `${scene.entry.method} ${scene.entry.target}` };
  }
  return undefined;
}
