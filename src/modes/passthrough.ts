/** The passthrough mode: a byte proxy that records nothing. */
import { systemClock } from "../io/clock.ts";
import type { Upstream } from "../io/upstream/upstream.ts";
import { noStore } from "../record/no-store.ts";
import { Recording } from "../record/recording.ts";
import { relay } from "../record/relay.ts";
import { type ModeService, warnProcess } from "./service.ts";
import { connectorFor, type InProcessDaemon } from "./upstream-connection.ts";

/** Relays connections to `upstream`. */
export function createPassthroughService(
  upstream: Upstream | InProcessDaemon,
  warn: (problem: unknown) => void = warnProcess,
): ModeService<undefined> {
  const reach = connectorFor(upstream, warn);
  return { daemon: relay(reach, createDiscardedRecording(warn)), onError: warn, finish: async () => undefined };
}

/** A recording that keeps nothing, for traffic that only passes. */
export function createDiscardedRecording(warn: (problem: unknown) => void): Recording {
  return new Recording({ store: noStore, clock: systemClock, recorded: { at: "", by: "" }, warn });
}
