import type { YamlPlace } from "../../yaml/place.ts";
import { readDuration } from "../../yaml/values.ts";
import type { FaultEffect } from "../fault-effect.ts";

/** The whole response is sent, but the connection is closed only after a while. One that is kept alive is not closed at all. */
export function readSlowClose(place: YamlPlace): FaultEffect {
  const ms = readDuration(place);
  return {
    after: async ({ call, clock, gone }) => {
      if (call.connectionFate === "close") await clock.sleep(ms, gone);
    },
  };
}
