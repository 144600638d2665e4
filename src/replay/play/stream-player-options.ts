import type { Call } from "../../session/call.ts";
import type { LiveExchange } from "../run/live-exchange.ts";
import type { OnAnswered, PlaybackContext } from "./playback-context.ts";

/** How output is wrapped: in HTTP chunks, not at all, or past HTTP. `none`: the daemon never answered. */
export type Wrapping = "chunked" | "plain" | "hijack" | "none";

export interface StreamPlayerOptions {
  readonly call: Call;
  readonly live: LiveExchange;
  readonly context: PlaybackContext;
  readonly wrapping: Wrapping;
  readonly onAnswered: OnAnswered;
}
