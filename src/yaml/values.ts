/** Scalars of a cassette, each with its own complaint. */
import { isScalar } from "yaml";
import { durationMs } from "../base/duration.ts";
import { isEmpty, isList, itemsOf, type Place, unknownWord, wrong } from "./place.ts";

/** Any scalar as the text it was written as: `1.41` stays `1.41`. */
export function textOf(place: Place, expected = "text"): string {
  if (!isScalar(place.node)) throw wrong(place, expected);
  return String(place.node.value);
}

/** A text that is not empty. */
export function wordOf(place: Place, expected: string): string {
  const text = textOf(place, expected);
  if (text === "") throw wrong(place, expected);
  return text;
}

/** One name, or a list of them. */
export function wordsOf(place: Place, expected: string): readonly string[] {
  return wordPlaces(place).map((item) => wordOf(item, expected));
}

export function wordPlaces(place: Place): readonly Place[] {
  return isList(place) ? itemsOf(place) : [place];
}

export function durationOf(place: Place): number {
  const expected = "a duration like `412ms`";
  const ms = durationMs(textOf(place, expected));
  if (ms === undefined) throw wrong(place, expected);
  return Math.round(ms * 1000) / 1000; // 16.1 * 1000 is not 16100
}

/** A flag is written only where it holds; `false` says what is so anyway. */
export function flagOf(place: Place): true | undefined {
  const text = textOf(place, "`true`");
  if (text !== "true" && text !== "false") throw wrong(place, "`true`");
  return text === "true" ? true : undefined;
}

export function countOf(place: Place): number {
  const expected = "a number of bytes";
  const text = textOf(place, expected);
  if (!/^\d{1,15}$/.test(text)) throw wrong(place, expected);
  return Number(text);
}

export function choiceOf<const T extends string>(place: Place, choices: readonly T[]): T {
  const text = isEmpty(place) ? "" : textOf(place);
  const choice = choices.find((item) => item === text);
  if (choice === undefined) throw unknownWord(place, `\`${place.what}\`: \`${text}\``, text, choices);
  return choice;
}

/** One of `choices`, or a list of some; an empty list is none. */
export function choicesOf<const T extends string>(place: Place, choices: readonly T[]): readonly T[] {
  return wordPlaces(place).map((item) => choiceOf(item, choices));
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function base64Of(place: Place): Buffer {
  const text = textOf(place, "base64").replace(/\s+/g, "");
  if (!BASE64.test(text)) throw wrong(place, "base64 (whole groups of four characters)");
  return Buffer.from(text, "base64");
}
