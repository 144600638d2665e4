import type { Place } from "../../yaml/place.ts";
import { durationOf } from "../../yaml/values.ts";
import type { FaultEffect } from "../fault-effect.ts";

/** The whole response is sent, but the connection is closed only after a while. One that is kept alive is not closed at all. */
export function readSlowClose(place: Place): FaultEffect {
  const ms = durationOf(place);
  return {
    after: async ({ call, clock, gone }) => {
      if (call.afterwards === "close") await clock.sleep(ms, gone);
    },
  };
}
