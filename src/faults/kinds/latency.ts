import { createValueError, isText, readFields, type YamlPlace } from "../../yaml/place.ts";
import { readDuration } from "../../yaml/values.ts";
import type { FaultEffect } from "../fault-effect.ts";

/** The call reaches the other responders only after `delay`, give or take `jitter`. */
export function readLatency(place: YamlPlace): FaultEffect {
  const { delayMs, jitterMs } = isText(place) ? { delayMs: readDuration(place), jitterMs: 0 } : readDelay(place);
  return {
    before: async ({ clock, random, gone }) => {
      const aside = jitterMs * (2 * random() - 1);
      await clock.sleep(Math.max(0, delayMs + aside), gone);
      return false;
    },
  };
}

function readDelay(place: YamlPlace): { readonly delayMs: number; readonly jitterMs: number } {
  const fields = readFields(place, ["delay", "jitter"], "`latency`");
  const [delay, jitter] = [fields.get("delay"), fields.get("jitter")];
  if (delay === undefined) throw createValueError(place, "a duration, or a map with a `delay`");
  return { delayMs: readDuration(delay), jitterMs: jitter === undefined ? 0 : readDuration(jitter) };
}
