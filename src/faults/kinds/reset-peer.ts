import type { YamlPlace } from "../../yaml/place.ts";
import { readDuration } from "../../yaml/values.ts";
import type { FaultEffect } from "../fault-effect.ts";

/** The connection breaks off after a while, unanswered. */
export function readPeerReset(place: YamlPlace): FaultEffect {
  const ms = readDuration(place);
  return {
    before: async ({ clock, gone, cut }) => {
      if (ms > 0) await clock.sleep(ms, gone);
      cut("reset");
      return true;
    },
  };
}
