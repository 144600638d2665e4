/** Reads values that several parts of a behaviour share. */
import { createValueError, isText, readEntries, type YamlPlace } from "../../../yaml/place.ts";
import { readText } from "../../../yaml/values.ts";
import type { LineAnswers } from "./behaviour.ts";

/** A whole number from 0 to `most`. */
export function readNumber(place: YamlPlace, most: number): number {
  const expected = `a number from 0 to ${most}`;
  const text = readText(place, expected);
  if (!/^\d{1,9}$/.test(text) || Number(text) > most) throw createValueError(place, expected);
  return Number(text);
}

/** A map of texts. @param what describes each text in an error */
export function readTexts(place: YamlPlace, what: string): Record<string, string> {
  return Object.fromEntries([...readEntries(place)].map(([name, value]) => [name, readText(value, what)]));
}

export function readAnswers(place: YamlPlace): LineAnswers {
  if (!isText(place)) return readTexts(place, "an answer");
  if (readText(place) !== "echo") throw createValueError(place, "`echo`, or a map of lines and their answers");
  return "echo";
}
