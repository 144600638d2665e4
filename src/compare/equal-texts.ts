/**
 * Whether two exchanges with equal texts mean the same, without parsing them: of two recordings of one session most
 * exchanges are of this kind. What cannot be told from the text is left to the comparison of what it says.
 */
import type { CassetteEntry } from "../cassette/read.ts";
import type { ValueMap } from "./value-map.ts";

/** A map in lines of its own, each key at the beginning of one: what the expressions below rely on. */
const BLOCK_MAP = /^(?:[ \t]*(?:#.*)?\r?\n)*["']?[a-z]/;
/**
 * What the text only names: a sidecar, which is another file for each recording, and exchanges, which may be missing in
 * one of them. Also keys that are spelled so that they are not found: with escapes, or behind a `?`.
 */
const NAMES_OTHERS = /\b(?:path|cue|until)["']?:|(?:^|[{,])[ \t]*\?\s|\\[xuU][^"\n]{0,20}":/m;
/**
 * Where a value may stand that the text does not show as it is: split over the events of a stream, encoded (a header
 * with JSON in base64 begins with `ey`, or `ew` where a line end follows the brace), behind an escape that stands for a
 * letter, digit or line.
 */
const HIDDEN =
  /^["']?(?:stream|build)\b|\bbase64\b|\be[wy][A-Za-z0-9+/]{4}|\\[^nrtbf"\\]|%(?:3\d|[46][1-9a-f]|[57][0-9a])/im;

/** @param values those of the second recording, which are put back before anything is compared */
export function haveEqualTexts(one: CassetteEntry, other: CassetteEntry, values: ValueMap): boolean {
  if (one.size !== other.size) return false;
  const text = one.readText();
  if (text !== other.readText() || !BLOCK_MAP.test(text) || NAMES_OTHERS.test(text)) return false;
  return values.size === 0 || !(HIDDEN.test(text) || canBeRestored(text, values));
}

function canBeRestored(text: string, values: ValueMap): boolean {
  const decoded = text.includes("%") ? decodePercent(text) : text;
  return values.restore(text) !== text || (decoded !== text && values.restore(decoded) !== decoded);
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
