import { waitForTurn } from "../../base/turns.ts";
import { createValueError, readFields, type YamlPlace } from "../../yaml/place.ts";
import { readDuration } from "../../yaml/values.ts";
import type { FaultEffect } from "../fault-effect.ts";
import { readNumber } from "./read-number.ts";

/** The response comes in small pieces, with pauses between them: for clients that take one read for a message. */
export function readSlicer(place: YamlPlace): FaultEffect {
  const fields = readFields(place, ["average_size", "size_variation", "delay"], "`slicer`");
  const [average, variation, delay] = ["average_size", "size_variation", "delay"].map((name) => fields.get(name));
  if (average === undefined) throw createValueError(place, "a map with an `average_size`");
  const size = readNumber(average, "bytes", 1);
  const spread = variation === undefined ? 0 : readNumber(variation, "bytes");
  const delayMs = delay === undefined ? 0 : readDuration(delay);
  return {
    flow:
      (next, { clock, random, gone }) =>
      async (bytes) => {
        for (let at = 0; at < bytes.length; ) {
          const length = Math.max(1, Math.round(size + spread * (2 * random() - 1)));
          await next(bytes.subarray(at, at + length));
          at += length;
          // Without a turn of its own, a piece would leave in one segment with the next.
          if (delayMs === 0) await waitForTurn();
          else await clock.sleep(delayMs, gone);
        }
      },
  };
}
