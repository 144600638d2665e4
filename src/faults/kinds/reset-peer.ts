import type { Place } from "../../yaml/place.ts";
import { durationOf } from "../../yaml/values.ts";
import type { Effect } from "../effect.ts";

/** The connection breaks off after a while, unanswered. */
export function resetPeer(place: Place): Effect {
  const ms = durationOf(place);
  return {
    before: async ({ clock, gone, cut }) => {
      if (ms > 0) await clock.sleep(ms, gone);
      cut("reset");
      return true;
    },
  };
}
