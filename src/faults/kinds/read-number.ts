import { createValueError, type YamlPlace } from "../../yaml/place.ts";
import { readText } from "../../yaml/values.ts";

/** A whole number of something, from `least` on. */
export function readNumber(place: YamlPlace, of: string, least = 0): number {
  const expected = `a whole number of ${of}${least > 0 ? `, at least ${least}` : ""}`;
  const text = readText(place, expected);
  if (!/^\d{1,12}$/.test(text) || Number(text) < least) throw createValueError(place, expected);
  return Number(text);
}
