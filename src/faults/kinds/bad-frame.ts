import type { YamlPlace } from "../../yaml/place.ts";
import { changeBody } from "../body-flow.ts";
import type { ByteFlow, FaultEffect } from "../fault-effect.ts";
import { splitFrames } from "../frame-flow.ts";
import { readNumber } from "./read-number.ts";

/** No stream has this number (moby pkg/stdcopy: `Unrecognized input header`). */
const NO_STREAM = 0x77;

/** The header of the nth frame of a multiplexed stream names no stream. */
export function readBadFrame(place: YamlPlace): FaultEffect {
  const nth = readNumber(place, "frames", 1);
  return { flow: (next, { call }) => changeBody(call, next, (passOn) => breakFrame(nth, passOn)) };
}

function breakFrame(nth: number, passOn: ByteFlow): ByteFlow {
  let count = 0;
  return splitFrames((frame) => {
    count += 1;
    return passOn(count === nth ? breakHeader(frame) : frame);
  }, passOn);
}

function breakHeader(frame: Buffer): Buffer {
  const bad = Buffer.from(frame);
  bad[0] = NO_STREAM;
  return bad;
}
