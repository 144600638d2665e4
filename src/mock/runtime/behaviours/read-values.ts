/** Values that several parts of a behaviour have. */
import { entriesOf, isText, type Place, wrong } from "../../../yaml/place.ts";
import { textOf } from "../../../yaml/values.ts";
import type { Answers } from "./behaviour.ts";

/** A whole number from 0 to `most`. */
export function numberOf(place: Place, most: number): number {
  const expected = `a number from 0 to ${most}`;
  const text = textOf(place, expected);
  if (!/^\d{1,9}$/.test(text) || Number(text) > most) throw wrong(place, expected);
  return Number(text);
}

/** A map of texts; `what` is what each of them is. */
export function textsOf(place: Place, what: string): Record<string, string> {
  return Object.fromEntries([...entriesOf(place)].map(([name, value]) => [name, textOf(value, what)]));
}

export function answersOf(place: Place): Answers {
  if (!isText(place)) return textsOf(place, "an answer");
  if (textOf(place) !== "echo") throw wrong(place, "`echo`, or a map of lines and their answers");
  return "echo";
}
