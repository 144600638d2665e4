import type { YamlPlace } from "../../yaml/place.ts";
import { readDuration } from "../../yaml/values.ts";
import type { FaultEffect } from "../fault-effect.ts";

/** No response comes; after a while the connection is closed, with `0ms` never. */
export function readTimeout(place: YamlPlace): FaultEffect {
  const ms = readDuration(place);
  return {
    before: async ({ call, clock, gone, cut }) => {
      if (ms === 0) cut("stall");
      else {
        await clock.sleep(ms, gone);
        call.connectionFate = "close";
      }
      return true;
    },
  };
}
