import type { Place } from "../../yaml/place.ts";
import { durationOf } from "../../yaml/values.ts";
import type { FaultEffect } from "../fault-effect.ts";

/** No response comes; after a while the connection is closed, with `0ms` never. */
export function readTimeout(place: Place): FaultEffect {
  const ms = durationOf(place);
  return {
    before: async ({ call, clock, gone, cut }) => {
      if (ms === 0) cut("stall");
      else {
        await clock.sleep(ms, gone);
        call.afterwards = "close";
      }
      return true;
    },
  };
}
