/**
 * Text that is safe to print. Cassettes, clients and daemons are strangers: an escape sequence in a name would retitle
 * the window or hide lines, and bidirectional marks would turn a line around.
 */

import { makeOnce } from "./make-once.ts";

const PLAIN = /^[ -~\n]*$/;
/** Control and format characters, separators of lines, halves of surrogate pairs; the line feed stays. */
const getUnprintable = makeOnce(() => /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu);
const NAMED: Readonly<Record<string, string>> = { "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f" };

/** `text` with its unprintable characters spelled as JSON spells them, so that JSON stays the same JSON. */
export function escapeUnprintable(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(getUnprintable(), (character) => NAMED[character] ?? spellUnits(character));
}

/** The same on one line. */
export function escapeToLine(text: string): string {
  return escapeUnprintable(text).replaceAll("\n", "\\n");
}

function spellUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
