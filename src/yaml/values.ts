/** Readers for scalars of a cassette, each with its own error. */
import { LONGEST_WAIT_MS, toMilliseconds } from "../base/duration.ts";
import { createUnknownWordError, createValueError, isEmpty, isList, readItems, type YamlPlace } from "./place.ts";
import { escapeInvisible } from "./visible.ts";

/** Any scalar as it is written: `1.41` stays `1.41`. */
export function readText(place: YamlPlace, expected = "text"): string {
  if (place.node?.kind !== "scalar") throw createValueError(place, expected);
  return place.node.value;
}

/** A text that is not empty. */
export function readWord(place: YamlPlace, expected: string): string {
  const text = readText(place, expected);
  if (text === "") throw createValueError(place, expected);
  return text;
}

/** One name, or a list of them. */
export function readWords(place: YamlPlace, expected: string): readonly string[] {
  return listPlaces(place).map((item) => readWord(item, expected));
}

export function listPlaces(place: YamlPlace): readonly YamlPlace[] {
  return isList(place) ? readItems(place) : [place];
}

/** In milliseconds, at most what a timer can wait: 596 hours. */
export function readDuration(place: YamlPlace): number {
  const expected = "a duration like `412ms`";
  const ms = toMilliseconds(readText(place, expected));
  if (ms === undefined) throw createValueError(place, expected);
  if (ms > LONGEST_WAIT_MS) throw createValueError(place, "a duration of at most `596h`");
  return Math.round(ms * 1000) / 1000; // 16.1 * 1000 is not 16100
}

/** A flag: `true`, or undefined for `false`, which is the default. */
export function readFlag(place: YamlPlace): true | undefined {
  const text = readText(place, "`true`");
  if (text !== "true" && text !== "false") throw createValueError(place, "`true`");
  return text === "true" ? true : undefined;
}

export function readCount(place: YamlPlace): number {
  const expected = "a number of bytes";
  const text = readText(place, expected);
  if (!/^\d{1,15}$/.test(text)) throw createValueError(place, expected);
  return Number(text);
}

export function readChoice<const T extends string>(place: YamlPlace, choices: readonly T[]): T {
  const text = isEmpty(place) ? "" : readText(place);
  const choice = choices.find((item) => item === text);
  if (choice === undefined)
    throw createUnknownWordError(place, `\`${place.what}\`: \`${escapeInvisible(text)}\``, text, choices);
  return choice;
}

/** One of `choices`, or a list of some; an empty list is none. */
export function readChoices<const T extends string>(place: YamlPlace, choices: readonly T[]): readonly T[] {
  return listPlaces(place).map((item) => readChoice(item, choices));
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function readBase64(place: YamlPlace): Buffer {
  const text = readText(place, "base64").replace(/\s+/g, "");
  if (!BASE64.test(text)) throw createValueError(place, "base64 (whole groups of four characters)");
  return Buffer.from(text, "base64");
}
