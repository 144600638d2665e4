/** The responder that answers calls with what is recorded. Its order: find a recorded exchange, perform it. */
import type { Clock } from "../base/clock.ts";
import { CassetteError } from "../base/errors.ts";
import { ignore } from "../base/ignore.ts";
import { checkOptions } from "../base/options/check-options.ts";
import { clockKind, functionKind } from "../base/options/common-kinds.ts";
import { type OptionKind, recordOf } from "../base/options/option-kind.ts";
import { Bindings } from "../match/bindings.ts";
import type { NormalizedRequest } from "../match/normalize/normalize-request.ts";
import { listClients } from "../match/rules/detect-presets.ts";
import type { Call, Responder } from "../session/call.ts";
import { findProducts } from "../wire/http/user-agent.ts";
import type { Deck } from "./deck/deck.ts";
import { collectApiVersions } from "./history/collect-api-versions.ts";
import type { PlacedExchange } from "./history/place-exchanges.ts";
import { learnSecrets } from "./learn-secrets.ts";
import { normalizeCall, normalizeCallBody, viewAsClient } from "./normalize-call.ts";
import { prepareResponse, sendResponse } from "./play/play-at-once.ts";
import { playExchange } from "./play/play-exchange.ts";
import type { PlaybackContext } from "./play/playback-context.ts";
import { INSTANT, type Tempo } from "./play/tempo.ts";
import { tempoKind } from "./play/tempo-kind.ts";
import type { DecksForCall } from "./replay-sessions.ts";
import { LiveExchange } from "./run/live-exchange.ts";
import { combineSubstitutions, type TextSubstitution, toSubstitution } from "./run/substitution.ts";
import { writeError } from "./write-error.ts";

/** Answers in the place of an exchange that cannot be played to this client, and resolves with true; else with false. */
export type RefuseExchange = (call: Call, deck: Deck, placed: PlacedExchange) => Promise<boolean>;

/** Plays an exchange that is a build by BuildKit. */
export type PlayBuild = (call: Call, deck: Deck, placed: PlacedExchange) => Promise<void>;

export interface ReplayResponderOptions {
  readonly clock: Clock;
  /** @default INSTANT */
  readonly tempo?: Tempo;
  /**
   * Called before an exchange is played.
   * @default every exchange is played
   */
  readonly refuse?: RefuseExchange;
  /** @default builds by BuildKit are declined */
  readonly playBuild?: PlayBuild;
  /** Called when a cassette or a sidecar proves faulty while it is played. The client gets the error, too. */
  readonly onProblem?: (problem: CassetteError) => void;
  /** Called once for a stream whose client waits for what was not recorded, and hangs. @default it is not called */
  readonly onHang?: (warning: string) => void;
}

const replayKind: OptionKind = recordOf<ReplayResponderOptions>(
  {
    clock: clockKind,
    tempo: tempoKind,
    refuse: functionKind,
    playBuild: functionKind,
    onProblem: functionKind,
    onHang: functionKind,
  },
  "an object of options",
  ["clock"],
);

/** What answers a call, and the form in which the call was looked up. */
interface FoundExchange {
  readonly placed: PlacedExchange;
  readonly request: NormalizedRequest;
  /** Recorded text into today's, for this answer alone. */
  readonly ownSubstitution?: TextSubstitution;
}

/** An exchange that answers, the deck that has it, and all decks that the call may be answered from. */
interface Playable {
  readonly deck: Deck;
  readonly decks: readonly Deck[];
  readonly found: FoundExchange;
}

/** Whether the call is answered; undefined where the search goes on. */
type Answer = boolean | undefined | Promise<boolean | undefined>;

type Found = FoundExchange | undefined | Promise<FoundExchange | undefined>;
type Search = (call: Call, deck: Deck, decks: readonly Deck[], clock: Clock) => Found;

/**
 * Answers what is recorded on the decks, which are searched in their order. Declines the rest.
 * @throws UsageError `WHALESONG_BAD_OPTION`
 * @example
 * const pieces = async function* () {};
 * const sessions = new ReplaySessions([new Deck(readCassette("web.yaml"), { pieces })], { isPerConnection: false });
 * const daemon = createDaemon(
 *   replay(sessions.decksFor, { clock: systemClock, tempo: parseTempo("recorded") }),
 *   respondToMiss((call) => sessions.findForCall(call)),
 * );
 */
export function replay(decksFor: DecksForCall, options: ReplayResponderOptions): Responder {
  checkOptions("replay", options, replayKind);
  const { clock, tempo = INSTANT, refuse, playBuild, onProblem = ignore, onHang = ignore } = options;
  /** Undefined for a build where nothing plays it: the search goes on. */
  const play = (call: Call, { deck, decks, found }: Playable): Answer => {
    if (isBuild(found)) return playBuild?.(call, deck, found.placed).then(() => true);
    const now = performAtOnce(call, deck, found, tempo);
    if (now !== undefined) return now;
    const apiVersions = (): string[] => (isRecordedClient(call, decks) ? [] : listApiVersions(decks));
    return perform(call, deck, found, { tempo, clock, apiVersions, warn: onHang });
  };
  const answer = (call: Call, playable: Playable): Answer => {
    const refusing = refuse?.(call, playable.deck, playable.found.placed);
    return refusing === undefined
      ? play(call, playable)
      : refusing.then((isRefused) => isRefused || play(call, playable));
  };
  /** Of all that has to be looked at, from `step` on. No promise where nothing has to be waited for. */
  const search = (call: Call, decks: readonly Deck[], step: number): boolean | Promise<boolean> => {
    for (let at = step; at < SEARCHES.length * decks.length; at += 1) {
      const deck = decks[at % decks.length] as Deck;
      const find = SEARCHES[Math.floor(at / decks.length)] as Search;
      const found = find(call, deck, decks, clock);
      const isAnswered =
        found instanceof Promise
          ? found.then((later) => later && answer(call, { deck, decks, found: later }))
          : found && answer(call, { deck, decks, found });
      if (isAnswered instanceof Promise) return isAnswered.then((is) => is ?? search(call, decks, at + 1));
      if (isAnswered !== undefined) return isAnswered;
    }
    return false;
  };
  const respondToProblem = async (call: Call, error: unknown): Promise<boolean> => {
    if (!(error instanceof CassetteError)) throw error;
    onProblem(error);
    await respondToFault(call, error);
    return true;
  };
  return (call) => {
    try {
      const isAnswered = search(call, toArray(decksFor(call)), 0);
      return typeof isAnswered === "boolean"
        ? isAnswered
        : isAnswered.catch((error: unknown) => respondToProblem(call, error));
    } catch (error) {
      return respondToProblem(call, error);
    }
  };
}

/** A client that was recorded gets its ping as recorded, and so does one that does not name itself. */
function isRecordedClient({ head }: Call, decks: readonly Deck[]): boolean {
  const products = findProducts(head.fields);
  return products === "" || decks.some(({ cassette }) => listClients(cassette.header).includes(products));
}

function listApiVersions(decks: readonly Deck[]): string[] {
  return decks.flatMap(({ exchanges }) => [...collectApiVersions(exchanges)]);
}

/** A cassette that proves faulty in the middle of a replay: the client gets the error where no head is out yet. */
async function respondToFault(call: Call, { message, code }: CassetteError): Promise<void> {
  call.connectionFate = call.isAnswered ? "reset" : "close";
  if (!call.isAnswered) await writeError(call, 500, "Internal Server Error", `whalesong: ${message} [${code}]`);
}

function toArray(decks: Iterable<Deck>): readonly Deck[] {
  return Array.isArray(decks) ? decks : [...decks];
}

function isBuild({ placed: { operation, entry } }: FoundExchange): boolean {
  return operation.name === "ImageBuild" && entry.readExchange().build !== undefined;
}

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
const SEARCHES: readonly Search[] = [
  findInTurn,
  findOfOtherThing,
  findWithNewBindings,
  findUnknownId,
  findAmongOtherKinds,
];

/** The short way (play-at-once.ts); undefined where a part of the answer has to wait, or depends on the run. */
function performAtOnce(
  call: Call,
  deck: Deck,
  { placed, request, ownSubstitution }: FoundExchange,
  tempo: Tempo,
): true | Promise<true> | undefined {
  const { run, ports } = deck;
  const isPlain = ownSubstitution === undefined && placed.pattern === undefined && run.substitution.isEmpty;
  if (!isPlain || ports.isFollowing(placed) || deck.awaitedReads.isAwaitedBy(placed)) return undefined;
  const prepared = prepareResponse(call, placed.entry.readExchange(), run, tempo);
  if (prepared === undefined) return undefined;
  deck.begin(placed, request.operation);
  deck.end(placed);
  return sendResponse(call, prepared);
}

async function perform(
  call: Call,
  deck: Deck,
  { placed, request: { operation }, ownSubstitution }: FoundExchange,
  context: Pick<PlaybackContext, "tempo" | "clock" | "apiVersions" | "warn">,
): Promise<true> {
  const { run } = deck;
  const ports = deck.ports.follow(placed, deck.exchanges, (text) => run.bindings.toToday(text));
  if (ports !== undefined) await ports;
  const captures = placed.pattern?.capture(operation.path);
  const own = captures === undefined ? ownSubstitution : toSubstitution(captures);
  const substitution = own === undefined ? run.substitution : combineSubstitutions(own, run.substitution);
  deck.begin(placed, operation);
  const live = new LiveExchange(placed);
  run.live.add(live);
  const finishChange = (gone: Promise<unknown>): Promise<void> | undefined => {
    if (deck.awaitedReads.isAwaitedBy(live.placed)) return finishAfterReads(deck, live, { clock: context.clock, gone });
    deck.end(live.placed);
    return undefined;
  };
  try {
    const settleByInput: PlaybackContext["settleByInput"] = (stream, got) => deck.settleByInput(stream, got);
    const noteTold: PlaybackContext["noteTold"] = (change) => deck.tell(change.placed);
    await playExchange(call, live, { ...context, run, substitution, settleByInput, noteTold }, finishChange);
  } finally {
    run.live.delete(live);
    live.end();
  }
  return true;
}

interface AwaitingEnd {
  readonly clock: Clock;
  readonly gone: Promise<unknown>;
}

async function finishAfterReads(deck: Deck, live: LiveExchange, { clock, gone }: AwaitingEnd): Promise<void> {
  const removeFromLog = deck.run.waits.add(live.exchange, "the reads that were recorded while it was under way");
  await deck.awaitedReads.waitFor(live.placed, clock, gone);
  removeFromLog();
  deck.end(live.placed);
}
