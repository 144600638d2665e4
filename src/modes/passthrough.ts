/** The passthrough mode: a byte proxy that records nothing. */
import { systemClock } from "../io/clock.ts";
import type { Upstream } from "../io/upstream/upstream.ts";
import { noStore } from "../record/no-store.ts";
import { Recording } from "../record/recording.ts";
import { relay } from "../record/relay.ts";
import { type ModeService, warnProcess } from "./service.ts";
import { type InProcessDaemon, openUpstream } from "./upstream-connection.ts";

/**
 * Relays connections to `upstream`, and records nothing.
 * @param upstream its address, or a daemon of this process
 * @param warn called with problems; default: a process warning
 * @throws UsageError `WHALESONG_BAD_ADDRESS`
 * @example
 * const docker = await mockDocker();
 * const { daemon, finish } = createPassthroughService(docker);
 * const listener = await listen(createSocketUrl(), daemon);
 * await new Docker({ socketPath: listener.url.slice("unix://".length) }).ping();
 * await finish();
 * await listener.close();
 * await docker.stop();
 */
export function createPassthroughService(
  upstream: string | Upstream | InProcessDaemon,
  warn: (problem: unknown) => void = warnProcess,
): ModeService<undefined> {
  const { connect, resetAll } = openUpstream(upstream, warn);
  return {
    daemon: relay(connect, createDiscardedRecording(warn)),
    onError: warn,
    finish: async () => undefined,
    release: resetAll,
  };
}

/** A recording that keeps nothing, for traffic that only passes. */
export function createDiscardedRecording(warn: (problem: unknown) => void): Recording {
  return new Recording({ store: noStore, clock: systemClock, recorded: { at: "", by: "" }, warn });
}
