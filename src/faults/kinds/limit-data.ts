import { fieldsOf, isText, type Place, wrong } from "../../yaml/place.ts";
import { choiceOf } from "../../yaml/values.ts";
import { inBody } from "../body-flow.ts";
import type { CutShort, Effect, Flow } from "../effect.ts";
import { eachFrame } from "../frames.ts";
import { numberOf } from "./number.ts";

/** The body breaks off after so many bytes, or whole frames, of it; the head is not counted. */
export function limitData(place: Place): Effect {
  const { unit, limit, how } = limitOf(place);
  return {
    flow: (next, { call, cut }) =>
      inBody(call, next, (say) => {
        const stop = (): void => cut(how);
        return unit === "bytes" ? limitBytes(limit, say, stop) : limitFrames(limit, say, stop);
      }),
  };
}

function limitBytes(limit: number, say: Flow, stop: () => void): Flow {
  let left = limit;
  return async (bytes) => {
    const piece = bytes.subarray(0, left);
    left -= piece.length;
    if (piece.length > 0) await say(piece);
    if (left === 0) stop();
  };
}

function limitFrames(limit: number, say: Flow, stop: () => void): Flow {
  let left = limit;
  return eachFrame(async (frame) => {
    if (left > 0) await say(frame);
    left -= 1;
    if (left <= 0) stop();
  }, say);
}

interface Limit {
  readonly unit: "bytes" | "frames";
  readonly limit: number;
  readonly how: CutShort;
}

function limitOf(place: Place): Limit {
  if (isText(place)) return { unit: "bytes", limit: numberOf(place, "bytes"), how: "end" };
  const fields = fieldsOf(place, ["bytes", "frames", "then"], "`limit_data`");
  const [bytes, frames, then] = [fields.get("bytes"), fields.get("frames"), fields.get("then")];
  const how = then === undefined ? "end" : choiceOf(then, ["end", "reset", "stall"]);
  if (bytes !== undefined && frames === undefined) return { unit: "bytes", limit: numberOf(bytes, "bytes"), how };
  if (frames !== undefined && bytes === undefined) return { unit: "frames", limit: numberOf(frames, "frames"), how };
  throw wrong(place, "a number of bytes, or a map with either `bytes` or `frames`");
}
