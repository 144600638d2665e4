import { createValueError, isText, readFields, type YamlPlace } from "../../yaml/place.ts";
import { readChoice } from "../../yaml/values.ts";
import { changeBody } from "../body-flow.ts";
import type { ByteFlow, CutKind, FaultEffect } from "../fault-effect.ts";
import { splitFrames } from "../frame-flow.ts";
import { readNumber } from "./read-number.ts";

/** The body breaks off after so many bytes, or whole frames, of it; the head is not counted. */
export function readDataLimit(place: YamlPlace): FaultEffect {
  const { unit, limit, how } = readLimit(place);
  return {
    flow: (next, { call, cut }) =>
      changeBody(call, next, (passOn) => {
        const stop = (): void => cut(how);
        return unit === "bytes" ? limitBytes(limit, passOn, stop) : limitFrames(limit, passOn, stop);
      }),
  };
}

function limitBytes(limit: number, passOn: ByteFlow, stop: () => void): ByteFlow {
  let left = limit;
  return async (bytes) => {
    const piece = bytes.subarray(0, left);
    left -= piece.length;
    if (piece.length > 0) await passOn(piece);
    if (left === 0) stop();
  };
}

function limitFrames(limit: number, passOn: ByteFlow, stop: () => void): ByteFlow {
  let left = limit;
  return splitFrames(async (frame) => {
    if (left > 0) await passOn(frame);
    left -= 1;
    if (left <= 0) stop();
  }, passOn);
}

interface DataLimit {
  readonly unit: "bytes" | "frames";
  readonly limit: number;
  readonly how: CutKind;
}

function readLimit(place: YamlPlace): DataLimit {
  if (isText(place)) return { unit: "bytes", limit: readNumber(place, "bytes"), how: "end" };
  const fields = readFields(place, ["bytes", "frames", "then"], "`limit_data`");
  const [bytes, frames, then] = [fields.get("bytes"), fields.get("frames"), fields.get("then")];
  const how = then === undefined ? "end" : readChoice(then, ["end", "reset", "stall"]);
  if (bytes !== undefined && frames === undefined) return { unit: "bytes", limit: readNumber(bytes, "bytes"), how };
  if (frames !== undefined && bytes === undefined) return { unit: "frames", limit: readNumber(frames, "frames"), how };
  throw createValueError(place, "a number of bytes, or a map with either `bytes` or `frames`");
}
