/** Reads values that several parts of a behaviour share. */
import { entriesOf, isText, type Place, wrong } from "../../../yaml/place.ts";
import { textOf } from "../../../yaml/values.ts";
import type { LineAnswers } from "./behaviour.ts";

/** A whole number from 0 to `most`. */
export function readNumber(place: Place, most: number): number {
  const expected = `a number from 0 to ${most}`;
  const text = textOf(place, expected);
  if (!/^\d{1,9}$/.test(text) || Number(text) > most) throw wrong(place, expected);
  return Number(text);
}

/** A map of texts. @param what describes each text in an error */
export function readTexts(place: Place, what: string): Record<string, string> {
  return Object.fromEntries([...entriesOf(place)].map(([name, value]) => [name, textOf(value, what)]));
}

export function readAnswers(place: Place): LineAnswers {
  if (!isText(place)) return readTexts(place, "an answer");
  if (textOf(place) !== "echo") throw wrong(place, "`echo`, or a map of lines and their answers");
  return "echo";
}
