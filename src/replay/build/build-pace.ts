import type { Clock } from "../../base/clock.ts";
import type { SessionPool } from "../../session/grpc/session-pool.ts";
import type { Tempo } from "../play/tempo.ts";

/** In ms. */
export interface BuildLimits {
  /** For a call or a session. */
  readonly step: number;
  /** For the next message of a transfer: a client may have to wait for its disk. */
  readonly transfer: number;
  /** For the client's last call before a refused build ends. */
  readonly refusal: number;
  /** For a client to leave a build that it left in the recording. */
  readonly leave: number;
}

export const BUILD_LIMITS: BuildLimits = { step: 3_000, transfer: 15_000, refusal: 500, leave: 60_000 };

/** How fast builds are played, for which sessions, and where problems go. */
export interface BuildPace {
  readonly clock: Clock;
  readonly tempo: Tempo;
  readonly limits: BuildLimits;
  /** Today's sessions. */
  readonly sessions: SessionPool;
  /** Called when the cassette or a sidecar proves faulty. */
  readonly onProblem: (problem: unknown) => void;
}
