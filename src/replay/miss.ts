import type { FieldDifference } from "../match/compare-requests.ts";

/** An exchange and its place: `cassettes/run.yaml:14`. */
export interface RecordedPlace {
  readonly place: string;
  readonly name: string | undefined;
}

/** The recorded exchange that is nearest to a request, and how the request differs from it. */
export interface NearestExchange extends RecordedPlace {
  readonly differences: readonly FieldDifference[];
}

/** The next unplayed change of the recording. */
export interface ExpectedExchange extends RecordedPlace {
  /** `POST /v1.41/containers/web/start` */
  readonly request: string;
}

/** A request that no recorded exchange answers. */
export interface Miss {
  readonly code:
    | "WHALESONG_NO_MATCH"
    | "WHALESONG_PLAYED_ALREADY"
    | "WHALESONG_NOT_CARRIED"
    | "WHALESONG_BAD_REQUEST_HEAD";
  /** `(not HTTP)` where no request line came; the target is then the first line that did. */
  readonly method: string;
  readonly target: string;
  readonly nearest?: NearestExchange;
  readonly expected?: ExpectedExchange;
  /** The whole text that the client gets. */
  readonly message: string;
}
