/**
 * Whether two exchanges with equal texts mean the same, without parsing them: of two recordings of one session most
 * exchanges are of this kind. What cannot be told from the text is left to the comparison of what it says.
 */
import type { CassetteEntry } from "../cassette/read.ts";
import type { ValueMap } from "./value-map.ts";

/** A sidecar: the text only names it, and it is another file for each recording. */
const SIDECAR = /\bpath["']?:/;
/**
 * Where a value may stand that the text does not show as it is: split over the events of a stream, encoded (a header
 * with JSON in base64 begins with `ey`), behind an escape that stands for a letter, digit or line.
 */
const HIDDEN =
  /^["']?(?:stream|build)\b|\bbase64\b|\bey[A-Za-z0-9+/]{4}|\\[^nrtbf"\\]|%(?:3\d|[46][1-9a-f]|[57][0-9a])/im;

/** @param values those of the second recording, which are put back before anything is compared */
export function haveEqualTexts(one: CassetteEntry, other: CassetteEntry, values: ValueMap): boolean {
  if (one.size !== other.size) return false;
  const text = one.readText();
  if (text !== other.readText() || SIDECAR.test(text)) return false;
  return values.size === 0 || !(HIDDEN.test(text) || canBeRestored(text, values));
}

function canBeRestored(text: string, values: ValueMap): boolean {
  const decoded = text.includes("%") ? decodePercent(text) : text;
  return values.restore(text) !== text || (decoded !== text && values.restore(decoded) !== decoded);
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
