/**
 * A stream that may go on for ever, where its recording was stopped. Most of its clients leave by themselves: they follow
 * what other requests bring about. One that waits for the end hangs, and nothing on the wire may tell it why
 * (decision 0015).
 */
import type { Clock } from "../../base/clock.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import type { ClientStream } from "./client-stream.ts";
import type { PlaybackContext } from "./playback-context.ts";

/** What a client waits for in vain. */
export const UNRECORDED_REST = "what was not recorded: its recording was stopped here";

/** A client that has waited as long, while no other request came or was answered, hangs. Runners give a test 5 s. */
const HANG_MS = 3000;
const POLL_MS = 1000;

/** Resolves when the client has closed its half. One that hung is among what stands still, also when it was ended. */
export async function waitAtCut(stream: ClientStream, live: LiveExchange, context: PlaybackContext): Promise<void> {
  const leaving = new AbortController();
  context.run.atCut.add(live);
  void waitForHang(context, leaving.signal).then((hangs) => {
    if (!hangs) return;
    context.run.waits.add(live.exchange, UNRECORDED_REST);
    context.warn(describeHang(live, context.run.file));
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

function describeHang({ placed: { entry } }: LiveExchange, file: string): string {
  return (
    `${entry.method} ${entry.target} waits for ${UNRECORDED_REST}, before the stream had ended ` +
    `(${file}:${entry.line}). ` +
    "Record it anew and let its client come to the end, or delete `cut` there: then the stream ends after what was recorded"
  );
}
