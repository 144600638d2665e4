import { type Place, wrong } from "../../yaml/place.ts";
import { textOf } from "../../yaml/values.ts";

/** A whole number of something, from `least` on. */
export function readNumber(place: Place, of: string, least = 0): number {
  const expected = `a whole number of ${of}${least > 0 ? `, at least ${least}` : ""}`;
  const text = textOf(place, expected);
  if (!/^\d{1,12}$/.test(text) || Number(text) < least) throw wrong(place, expected);
  return Number(text);
}
