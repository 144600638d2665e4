/** The responder that asks a daemon what no cassette answers, and records nothing. */
import type { Upstream } from "../io/upstream/upstream.ts";
import { forward } from "../record/forward.ts";
import type { Responder } from "../session/call.ts";
import { createDiscardedRecording } from "./passthrough.ts";
import { openUpstream } from "./upstream-connection.ts";

/** `end` resets the connections to the daemon that are left. */
export function forwardCalls(
  upstream: Upstream,
  warn: (problem: unknown) => void,
): { readonly answer: Responder; readonly end: () => void } {
  const { connect, resetAll } = openUpstream(upstream, warn);
  return { answer: forward(connect, createDiscardedRecording(warn)), end: resetAll };
}
