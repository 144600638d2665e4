import type { Difference } from "../match/difference.ts";

/** An exchange, and where it stands: `cassettes/run.yaml:14`. */
export interface Recorded {
  readonly place: string;
  readonly name: string | undefined;
}

/** What comes nearest to a request, and how it differs. */
export interface Nearest extends Recorded {
  readonly differences: readonly Difference[];
}

/** The next change of the recording. */
export interface Expected extends Recorded {
  /** `POST /v1.41/containers/web/start` */
  readonly request: string;
}

/** A request that nothing recorded answers. */
export interface Miss {
  readonly code: "WHALESONG_NO_MATCH" | "WHALESONG_PLAYED_ALREADY" | "WHALESONG_NOT_CARRIED";
  readonly method: string;
  readonly target: string;
  readonly nearest?: Nearest;
  readonly expected?: Expected;
  /** All that the client is told. */
  readonly message: string;
}
