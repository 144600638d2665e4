/** What comes before the head of an answer: requests of other clients, the time that the daemon took, other streams. */
import type { RecordedResponse } from "../../cassette/model.ts";
import type { Call } from "../../session/call.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import type { PlaybackContext } from "./playback-context.ts";
import { pause } from "./tempo.ts";
import { waitUntilTold } from "./wait-until-told.ts";

/** A change that was answered only after another request waits for that so much longer than it was recorded to take. */
const EXTRA_MS = 2000;
const NEVER = new AbortController().signal;

export interface HeadWait {
  readonly call: Call;
  readonly live: LiveExchange;
  readonly context: PlaybackContext;
}

/** A head is never late, unless the daemon's was: a `wait` of old APIs, a slow stop, a change that events tell of. */
export async function waitForHead(playing: HeadWait): Promise<void> {
  const { call, live, context } = playing;
  const { clock, tempo } = context;
  const since = clock.now();
  await waitForRequests(playing);
  const { waitMs, untils = [] } = readResponse(playing);
  const waited = clock.now() - since;
  if (waitMs !== undefined) await pause(waitMs - waited, tempo, clock, NEVER);
  for (const mark of untils) await waitUntilTold(mark, { live, context, gone: call.connection.closed });
}

/** The response as it was recorded. What waits before its head may turn out to be another one meanwhile. */
function readResponse({ live }: HeadWait): RecordedResponse {
  return live.exchange.response as RecordedResponse;
}

/** A change does not wait for ever: the other client may come at another time, or not at all. */
async function waitForRequests(playing: HeadWait): Promise<void> {
  const { call, live, context } = playing;
  const { run, clock } = context;
  const findAwaited = (): string | undefined => readResponse(playing).cues?.find((name) => !run.cues.hasFired(name));
  if (findAwaited() === undefined) return;
  const limit = new AbortController();
  const { closed } = call.connection;
  const { waitMs = 0 } = readResponse(playing);
  const gone =
    live.placed.role === "change" ? Promise.race([closed, clock.sleep(waitMs + EXTRA_MS, limit.signal)]) : closed;
  for (let name = findAwaited(); name !== undefined; name = findAwaited()) {
    const removeFromLog = run.waits.add(live.exchange, `\`${name}\``);
    const hasFired = await run.cues.waitFor(name, gone);
    removeFromLog();
    if (!hasFired) break;
  }
  limit.abort();
}
