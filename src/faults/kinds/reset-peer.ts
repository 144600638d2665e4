import type { Place } from "../../yaml/place.ts";
import { durationOf } from "../../yaml/values.ts";
import type { FaultEffect } from "../fault-effect.ts";

/** The connection breaks off after a while, unanswered. */
export function readPeerReset(place: Place): FaultEffect {
  const ms = durationOf(place);
  return {
    before: async ({ clock, gone, cut }) => {
      if (ms > 0) await clock.sleep(ms, gone);
      cut("reset");
      return true;
    },
  };
}
