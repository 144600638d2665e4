import type { Place } from "../../yaml/place.ts";
import { inBody } from "../body-flow.ts";
import type { Effect, Flow } from "../effect.ts";
import { eachFrame } from "../frames.ts";
import { numberOf } from "./number.ts";

/** No stream has this number (moby pkg/stdcopy: `Unrecognized input header`). */
const NO_STREAM = 0x77;

/** The header of the nth frame of a multiplexed stream names no stream. */
export function badFrame(place: Place): Effect {
  const nth = numberOf(place, "frames", 1);
  return { flow: (next, { call }) => inBody(call, next, (say) => spoil(nth, say)) };
}

function spoil(nth: number, say: Flow): Flow {
  let count = 0;
  return eachFrame((frame) => {
    count += 1;
    return say(count === nth ? spoiled(frame) : frame);
  }, say);
}

function spoiled(frame: Buffer): Buffer {
  const bad = Buffer.from(frame);
  bad[0] = NO_STREAM;
  return bad;
}
