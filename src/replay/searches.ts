/** The ways to find what answers a call, in the order in which they are tried: as recorded first, then with new bindings. */
import type { Clock } from "../base/clock.ts";
import { Bindings } from "../match/bindings.ts";
import type { NormalizedRequest } from "../match/normalize/normalize-request.ts";
import type { Call } from "../session/call.ts";
import type { Deck } from "./deck/deck.ts";
import type { PlacedExchange } from "./history/place-exchanges.ts";
import { learnSecrets } from "./learn-secrets.ts";
import { normalizeCall, normalizeCallBody, viewAsClient } from "./normalize-call.ts";
import type { TextSubstitution } from "./run/substitution.ts";

/** What answers a call, and the form in which the call was looked up. */
export interface FoundExchange {
  readonly placed: PlacedExchange;
  readonly request: NormalizedRequest;
  /** Recorded text into today's, for this answer alone. */
  readonly ownSubstitution?: TextSubstitution;
}

type Found = FoundExchange | undefined | Promise<FoundExchange | undefined>;

/** Looks on one of the decks that the call may be answered from. No promise where nothing has to be waited for. */
export type Search = (call: Call, deck: Deck, decks: readonly Deck[], clock: Clock) => Found;

/** What is recorded for this request, once the change has come with which it was recorded, if no deck has it for now. */
function findInTurn(call: Call, deck: Deck, decks: readonly Deck[], clock: Clock): Found {
  const isElsewhere = decks.some((one) => one !== deck && one.heldReads.hasAnswer(normalizeCall(call, one)));
  if (isElsewhere) return findExchange(call, deck);
  const held = deck.heldReads.hold(normalizeCall(call, deck), clock, call.connection.closed);
  if (held === undefined) return findExchange(call, deck);
  return held.then((placed) =>
    placed === undefined
      ? findExchange(call, deck)
      : learnFirst(call, deck, { placed, request: normalizeCall(call, deck) }),
  );
}

function findExchange(call: Call, deck: Deck): Found {
  const request = normalizeCall(call, deck);
  const placed = deck.find(request, () => normalizeCallBody(call, deck), viewAsClient(call, deck));
  if (placed instanceof Promise)
    return placed.then((later) => later && learnFirst(call, deck, { placed: later, request }));
  return placed && learnFirst(call, deck, { placed, request });
}

function learnFirst(call: Call, deck: Deck, found: FoundExchange): FoundExchange | Promise<FoundExchange> {
  const learning = learnSecrets(call, deck, found.placed, found.request);
  return learning === undefined ? found : learning.then(() => found);
}

/** What was recorded for another thing that looks alike, and is this one. */
async function findOfOtherThing(call: Call, deck: Deck): Promise<FoundExchange | undefined> {
  const request = normalizeCall(call, deck);
  if (!deck.hasSimilar(request)) return undefined;
  const isSettled = await deck.settleIdentity(request, await normalizeCallBody(call, deck));
  return isSettled ? findExchange(call, deck) : undefined;
}

/** The same request of another run, with other generated values. */
async function findWithNewBindings(call: Call, deck: Deck): Promise<FoundExchange | undefined> {
  const request = normalizeCall(call, deck);
  if (!deck.hasSimilar(request)) return undefined;
  const body = await normalizeCallBody(call, deck);
  const hasBound = await deck.bindGeneratedValues(request, body, viewAsClient(call, deck));
  return hasBound ? findExchange(call, deck) : undefined;
}

/** A refusal of another id that names nothing. */
async function findUnknownId(call: Call, deck: Deck): Promise<FoundExchange | undefined> {
  const request = normalizeCall(call, deck);
  const { placed, ids } = deck.findUnknownId(request) ?? {};
  if (placed === undefined || ids === undefined) return undefined;
  const ownSubstitution = new Bindings();
  ownSubstitution.bind([ids]);
  return { placed, request, ownSubstitution };
}

/** A 404 for a name that is not there yet, or not any more, among things of another kind. */
function findAmongOtherKinds(call: Call, deck: Deck): FoundExchange | undefined {
  const request = normalizeCall(call, deck);
  const placed = deck.otherKinds.find(request);
  return placed && { placed, request };
}

/** An exchange of any deck that answers as it is comes before one that needs new bindings. */
export const SEARCHES: readonly Search[] = [
  findInTurn,
  findOfOtherThing,
  findWithNewBindings,
  findUnknownId,
  findAmongOtherKinds,
];
