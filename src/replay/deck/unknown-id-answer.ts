import type { ValuePair } from "../../match/generated/value-pairs.ts";
import type { NormalizedRequest } from "../../match/normalize/normalize-request.ts";
import type { PlacedExchange } from "../history/place-exchanges.ts";

/** A recorded refusal of an id, and the pair of ids that its answer has to be changed by. */
export interface UnknownIdAnswer {
  readonly placed: PlacedExchange;
  readonly ids: ValuePair;
}

/** A recorded request in the form in which it is looked up. */
export type NormalizeRecorded = (placed: PlacedExchange) => NormalizedRequest;
