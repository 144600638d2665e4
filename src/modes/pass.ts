/** Passes on: a byte proxy that leaves no trace. */
import { systemClock } from "../io/clock.ts";
import type { Upstream } from "../io/upstream/upstream.ts";
import { noStore } from "../record/no-store.ts";
import { Recording } from "../record/recording.ts";
import { relay } from "../record/relay.ts";
import { type DaemonHere, reaching } from "./reach.ts";
import { type Service, warnProcess } from "./service.ts";

/** What `passthrough` does: a byte proxy. */
export function passService(
  upstream: Upstream | DaemonHere,
  warn: (problem: unknown) => void = warnProcess,
): Service<undefined> {
  const reach = reaching(upstream, warn);
  return { daemon: relay(reach, unrecorded(warn)), onError: warn, finish: async () => undefined };
}

/** Traffic that is let through leaves no trace. */
export function unrecorded(warn: (problem: unknown) => void): Recording {
  return new Recording({ store: noStore, clock: systemClock, recorded: { at: "", by: "" }, warn });
}
