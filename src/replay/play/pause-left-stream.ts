import type { DeckRun } from "../run/deck-run.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import type { PlaybackContext } from "./playback-context.ts";
import { pause, toLeftStreamTempo } from "./tempo.ts";

/**
 * Pauses in a stream that its client left. What a request brings about does not keep the recorded pace, for the request
 * is answered at once: neither behind its cue, nor before a mark (which an answer waits for), nor where the stream has yet
 * to come to a request that was made.
 */
export async function pauseLeftStream(
  ms: number,
  live: LiveExchange,
  leaving: AbortSignal,
  { tempo, clock, run }: Pick<PlaybackContext, "tempo" | "clock" | "run">,
): Promise<void> {
  if (leaving.aborted || isBehindRequest(live, run)) return;
  const end = new AbortController();
  const stop = (): void => end.abort();
  const stopListening = live.onHurry(stop);
  leaving.addEventListener("abort", stop, { once: true });
  await pause(ms, toLeftStreamTempo(tempo), clock, end.signal);
  leaving.removeEventListener("abort", stop);
  stopListening();
}

function isBehindRequest(live: LiveExchange, { cues, marks, eventMarks }: DeckRun): boolean {
  const events = live.exchange.stream ?? [];
  if (events[live.at - 1]?.kind === "cue" || live.awaitedMarks.some((mark) => !marks.hasFired(mark))) return true;
  const next = events.find(({ kind }, at) => at > live.at && (kind === "cue" || kind === "mark"));
  if (next?.kind === "mark") return eventMarks().has(next.name);
  return next?.kind === "cue" && cues.hasFired(next.name);
}
