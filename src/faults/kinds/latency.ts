import { fieldsOf, isText, type Place, wrong } from "../../yaml/place.ts";
import { durationOf } from "../../yaml/values.ts";
import type { Effect } from "../effect.ts";

/** Nobody is asked before `delay`, give or take `jitter`. */
export function latency(place: Place): Effect {
  const { delayMs, jitterMs } = isText(place) ? { delayMs: durationOf(place), jitterMs: 0 } : delayOf(place);
  return {
    before: async ({ clock, random, gone }) => {
      const aside = jitterMs * (2 * random() - 1);
      await clock.sleep(Math.max(0, delayMs + aside), gone);
      return false;
    },
  };
}

function delayOf(place: Place): { readonly delayMs: number; readonly jitterMs: number } {
  const fields = fieldsOf(place, ["delay", "jitter"], "`latency`");
  const [delay, jitter] = [fields.get("delay"), fields.get("jitter")];
  if (delay === undefined) throw wrong(place, "a duration, or a map with a `delay`");
  return { delayMs: durationOf(delay), jitterMs: jitter === undefined ? 0 : durationOf(jitter) };
}
