/**
 * What another client was told before an answer came, it is told before that again: a stream of events tells of a
 * change before the change is answered. The answer waits for the mark in that stream, within limits, so that nothing
 * hangs: only for a stream that is being played, that can reach its mark, and that moves on.
 */
import type { Clock } from "../../base/clock.ts";
import type { StreamEvent } from "../../cassette/model.ts";
import type { CueBoard } from "../run/cue-board.ts";
import type { DeckRun } from "../run/deck-run.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import { giveTimeToRead } from "./give-time-to-read.ts";
import type { PlaybackContext } from "./playback-context.ts";

/** A stream that has not come to its mark after this time is stuck: its client does not read. */
const STUCK_MS = 2000;
/** After a mark, the other client has this long to read. */
export const MARK_DELAY_MS = 20;
/** Kinds of events that say nothing: what stands among them came at once. */
const SILENT: ReadonlySet<StreamEvent["kind"]> = new Set(["cue", "wait", "mark", "until"]);

export interface WaitUntilTold {
  /** The answer that waits. */
  readonly live: LiveExchange;
  readonly context: Pick<PlaybackContext, "run" | "clock" | "noteTold">;
  /** Resolves when the client that waits for the answer has gone. */
  readonly gone: Promise<unknown>;
}

/** A client that waits for a container's end hears the container's output first, however long that takes. */
export function isOutputMark(mark: string, live: LiveExchange, run: DeckRun): boolean {
  return live.placed.operation.name === "ContainerWait" && !run.eventMarks().has(mark);
}

/** Resolves when the stream with this mark has told what stands before it, and its client had time to read that. */
export async function waitUntilTold(mark: string, waiting: WaitUntilTold): Promise<void> {
  const { live, context } = waiting;
  const { run, clock } = context;
  // What is looked for anew may have turned out to be another thing's meanwhile.
  while (!run.marks.hasFired(mark)) {
    const teller = findTeller(mark, live, context);
    if (teller === undefined || !(await waitForTeller(teller, mark, waiting))) return;
  }
  if (run.eventMarks().has(mark)) context.noteTold(live);
  const since = run.marks.readFiringTime(mark);
  // A change that is not answered is under way for other clients, and they would see it so for longer than recorded.
  if (live.placed.role === "change") await sleepUntil(since + MARK_DELAY_MS, clock);
  else await giveTimeToRead(clock, { delayMs: MARK_DELAY_MS, since });
}

async function sleepUntil(due: number, clock: Clock): Promise<void> {
  const restMs = due - clock.now();
  if (restMs > 0) await clock.sleep(restMs);
}

/** Resolves with false if the stream stands still, or the client that waits has gone. */
async function waitForTeller(
  teller: LiveExchange,
  mark: string,
  { live, context: { run, clock }, gone }: WaitUntilTold,
): Promise<boolean> {
  const stopWaiting = teller.awaitMark(mark);
  const removeFromLog = run.waits.add(live.exchange, `\`${mark}\``);
  const limit = new AbortController();
  const late = clock.sleep(STUCK_MS, limit.signal).then(() => {
    if (!limit.signal.aborted) teller.noteStuck();
  });
  const goesOn = await run.marks.waitFor(mark, Promise.race([gone, late]));
  limit.abort();
  removeFromLog();
  stopWaiting();
  return goesOn;
}

function findTeller(mark: string, live: LiveExchange, { run }: WaitUntilTold["context"]): LiveExchange | undefined {
  for (const other of run.live) {
    const at = other === live ? -1 : findMark(other, mark);
    if (at >= 0) return !other.isStuck && canReach(other, at, live, run.cues) ? other : undefined;
  }
  return undefined;
}

function findMark({ exchange }: LiveExchange, mark: string): number {
  return (exchange.stream ?? []).findIndex((event) => event.kind === "mark" && event.name === mark);
}

/**
 * Clients that work side by side come in another order each time. A stream that waits for a request from before this
 * one, which has not come, may wait for long. One that was requested together with it is on its way.
 */
function canReach(teller: LiveExchange, at: number, { exchange: { name } }: LiveExchange, cues: CueBoard): boolean {
  const events = teller.exchange.stream ?? [];
  const from = Math.max(teller.at, 0);
  const own = events.findIndex((event) => event.kind === "cue" && event.name === name);
  const to = own < 0 ? at : findBeginOfSilence(events, own);
  return events.slice(from, to).every((event) => event.kind !== "cue" || cues.hasFired(event.name));
}

function findBeginOfSilence(events: readonly StreamEvent[], at: number): number {
  let begin = at;
  while (begin > 0 && SILENT.has((events[begin - 1] as StreamEvent).kind)) begin -= 1;
  return begin;
}
