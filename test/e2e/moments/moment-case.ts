import type { SlowDocker } from "./slow-docker.ts";

/** A way in which a replay could answer wrongly. */
export interface MomentCase {
  readonly kind: string;
  readonly does: string;
  /** What the client has seen: the same in each run, and of the real daemon. */
  readonly see: (docker: SlowDocker) => Promise<unknown>;
  /** How many requests of each replay are not recorded. @default 0 */
  readonly misses?: number;
  /** The clients that the recording is for. @default any */
  readonly presets?: readonly string[];
}
