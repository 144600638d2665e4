/** Plays the exchange that was found for a call, and tells the deck when it begins and ends. */
import type { Clock } from "../base/clock.ts";
import type { Call } from "../session/call.ts";
import type { Deck } from "./deck/deck.ts";
import { prepareResponse, sendResponse } from "./play/play-at-once.ts";
import { playExchange } from "./play/play-exchange.ts";
import type { PlaybackContext } from "./play/playback-context.ts";
import type { Tempo } from "./play/tempo.ts";
import { LiveExchange } from "./run/live-exchange.ts";
import { combineSubstitutions, toSubstitution } from "./run/substitution.ts";
import type { FoundExchange } from "./searches.ts";

/** The short way (play-at-once.ts); undefined where a part of the answer has to wait, or depends on the run. */
export function performAtOnce(
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

/** Plays it as it was recorded: with its waits, its stream, and the values of this run. */
export async function performExchange(
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
