/**
 * What a container has put out is read before its end is told: a daemon closes the streams of those that are attached,
 * and only then tells `die` (`moby daemon/monitor.go`). A client that follows both stops reading when it is told. Here the
 * two streams are played apart, and an attached client may get time to read its head, so the event waits for the output.
 */

import { parseBoundedJson } from "../../base/parse-json.ts";
import type { StreamEvent } from "../../cassette/model.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import { giveTimeToRead } from "./give-time-to-read.ts";
import type { PlaybackContext } from "./playback-context.ts";
import { MARK_DELAY_MS } from "./wait-until-told.ts";

/** An attached client that does not read, or has input to send that does not come, holds up events no longer. */
const STUCK_MS = 2000;
const ATTACHED: ReadonlySet<string> = new Set(["ContainerAttach", "ContainerAttachWebsocket"]);

interface DaemonEvent {
  readonly status?: unknown;
  readonly Action?: unknown;
  readonly id?: unknown;
  readonly Actor?: { readonly ID?: unknown };
}

type OutputContext = Pick<PlaybackContext, "run" | "clock">;

/** Returns undefined where `event` tells of no end, or the output of that container has ended. */
export function waitForOutput(
  event: StreamEvent,
  live: LiveExchange,
  context: OutputContext,
  gone: Promise<unknown>,
): Promise<void> | undefined {
  if (event.kind !== "message" || live.placed.operation.name !== "SystemEvents") return undefined;
  const container = findEndedContainer(event.json);
  const outputs = container === undefined ? [] : findOutputs(container, context);
  if (outputs.length === 0) return undefined;
  return context.run.waits.during(live.exchange, "the output of a container that ends", () =>
    waitForEnds(outputs, context, gone),
  );
}

async function waitForEnds(
  outputs: readonly LiveExchange[],
  { clock }: OutputContext,
  gone: Promise<unknown>,
): Promise<void> {
  const limit = new AbortController();
  const late = clock.sleep(STUCK_MS, limit.signal).then(() => "late");
  const ended = Promise.all(outputs.map((output) => output.ended));
  const first = await Promise.race([ended, late, gone.then(() => "gone")]);
  limit.abort();
  if (first === "late") for (const output of outputs) output.noteStuck();
  else if (first !== "gone") await giveTimeToRead(clock, { delayMs: MARK_DELAY_MS });
}

/** The attached streams of the container that end in the recording, and wait for no request that has not come. */
function findOutputs(container: string, { run }: OutputContext): readonly LiveExchange[] {
  return [...run.live].filter((output) => {
    const { placed, exchange, at, isStuck } = output;
    if (isStuck || !ATTACHED.has(placed.operation.name) || placed.container !== container) return false;
    const rest = (exchange.stream ?? []).slice(Math.max(at, 0));
    const end = rest.findIndex((event) => event.kind === "eof" && event.side === "daemon");
    return end >= 0 && rest.slice(0, end).every((event) => event.kind !== "cue" || run.cues.hasFired(event.name));
  });
}

/** The recorded id of the container that the event tells the end of. API 1.21 and before: `status` and `id` alone. */
function findEndedContainer(json: Buffer): string | undefined {
  // Most events tell of something else, and need not be parsed.
  if (!json.includes('"die"')) return undefined;
  const event = parseBoundedJson(json.toString()) as DaemonEvent | null;
  const id = event?.id ?? event?.Actor?.ID;
  return (event?.Action ?? event?.status) === "die" && typeof id === "string" ? id : undefined;
}
