/** The responder that answers calls with what is recorded. Its order: find a recorded exchange, perform it. */
import type { Clock } from "../base/clock.ts";
import { CassetteError } from "../base/errors.ts";
import { ignore } from "../base/ignore.ts";
import { checkOptions } from "../base/options/check-options.ts";
import { clockKind, functionKind } from "../base/options/common-kinds.ts";
import { type OptionKind, recordOf } from "../base/options/option-kind.ts";
import { listClients } from "../match/rules/detect-presets.ts";
import type { Call, Responder } from "../session/call.ts";
import { findProducts } from "../wire/http/user-agent.ts";
import type { Deck } from "./deck/deck.ts";
import { collectApiVersions } from "./history/collect-api-versions.ts";
import type { PlacedExchange } from "./history/place-exchanges.ts";
import { performAtOnce, performExchange } from "./perform-exchange.ts";
import { INSTANT, type Tempo } from "./play/tempo.ts";
import { tempoKind } from "./play/tempo-kind.ts";
import type { DecksForCall } from "./replay-sessions.ts";
import { type FoundExchange, SEARCHES, type Search } from "./searches.ts";
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

/** An exchange that answers, the deck that has it, and all decks that the call may be answered from. */
interface Playable {
  readonly deck: Deck;
  readonly decks: readonly Deck[];
  readonly found: FoundExchange;
}

/** Whether the call is answered; undefined where the search goes on. */
type Answer = boolean | undefined | Promise<boolean | undefined>;

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
    return performExchange(call, deck, found, { tempo, clock, apiVersions, warn: onHang });
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
