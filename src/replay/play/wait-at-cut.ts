/**
 * A stream that may go on for ever, where its recording was stopped, and an upload that was broken off. Most clients of
 * both leave by themselves. One that waits for more hangs, and nothing on the wire may tell it why (decision 0015).
 */
import type { Clock } from "../../base/clock.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import type { ClientStream } from "./client-stream.ts";
import type { PlaybackContext } from "./playback-context.ts";

/** What a client waits for in vain, and how a warning goes on from there. */
interface Unrecorded {
  readonly awaits: string;
  explain(place: string): string;
}

/** What a client waits for where a recording was stopped. */
export const UNRECORDED_REST = "what was not recorded: its recording was stopped here";

const REST: Unrecorded = {
  awaits: UNRECORDED_REST,
  explain: (place) =>
    `, before the stream had ended (${place}). ` +
    "Record it anew and let its client come to the end, or delete `cut` there: then the stream ends after what was recorded",
};

const ANSWER: Unrecorded = {
  awaits: "an answer that was not recorded: its client left before it had sent its whole body",
  explain: (place) => ` (${place}). Record it anew and let its client wait for the answer`,
};

/** A client that has waited as long, while no other request came or was answered, hangs. Runners give a test 5 s. */
const HANG_MS = 3000;
const POLL_MS = 1000;

/** Resolves when the client has closed its half. One that hung is among what stands still, also when it was ended. */
export function waitAtCut(stream: ClientStream, live: LiveExchange, context: PlaybackContext): Promise<void> {
  return waitInVain(stream, live, context, REST);
}

/** The same for a request of which no body is recorded: today's client may send any part of it, and then leaves. */
export async function waitAtBrokenUpload(
  stream: ClientStream,
  live: LiveExchange,
  context: PlaybackContext,
): Promise<void> {
  const isWhole = await stream.readBodyToEnd();
  if (isWhole) await waitInVain(stream, live, context, ANSWER);
  else await stream.waitForClientEnd();
}

async function waitInVain(
  stream: ClientStream,
  live: LiveExchange,
  context: PlaybackContext,
  unrecorded: Unrecorded,
): Promise<void> {
  const leaving = new AbortController();
  context.run.atCut.add(live);
  void waitForHang(context, leaving.signal).then((hangs) => {
    if (!hangs) return;
    context.run.waits.add(live.exchange, unrecorded.awaits);
    context.warn(describeHang(live, context.run.file, unrecorded));
  });
  await stream.waitForClientEnd();
  context.run.atCut.delete(live);
  leaving.abort();
}

/** Resolves with false if the client leaves before. */
async function waitForHang({ run, clock, tempo }: PlaybackContext, leaving: AbortSignal): Promise<boolean> {
  let seen = run.requests;
  for (let quietMs = 0; quietMs < HANG_MS && !leaving.aborted; quietMs += POLL_MS) {
    await sleepAside(clock, leaving);
    if (run.requests !== seen || isPlaying(run, tempo)) quietMs = -POLL_MS;
    seen = run.requests;
  }
  return !leaving.aborted;
}

/** Whether another answer is on its way, which takes a while at a tempo only. */
function isPlaying({ live, atCut, waits }: PlaybackContext["run"], { scale }: PlaybackContext["tempo"]): boolean {
  if (scale === 0) return false;
  const stalled = new Set(waits.stalls.map(({ exchange }) => exchange));
  return [...live].some((other) => !atCut.has(other) && !stalled.has(other.exchange));
}

/** A warning must not keep the process of a test alive. */
function sleepAside(clock: Clock, signal: AbortSignal): Promise<void> {
  return clock.sleepUnreferenced?.(POLL_MS, signal) ?? clock.sleep(POLL_MS, signal);
}

function describeHang({ placed: { entry } }: LiveExchange, file: string, { awaits, explain }: Unrecorded): string {
  return `${entry.method} ${entry.target} waits for ${awaits}${explain(`${file}:${entry.line}`)}`;
}
