/** Escapes invisible characters: for comments, double quotes and messages. */

import { makeOnce } from "../base/make-once.ts";

/** What an editor does not show, or a YAML 1.1 reader treats as a line break or rejects; not the space. */
const INVISIBLE = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]|(?! )\p{Zs}`;
const getPatterns = makeOnce(() => ({
  invisible: new RegExp(INVISIBLE, "u"),
  everyInvisible: new RegExp(INVISIBLE, "gu"),
  everyInvisibleOrSpecial: new RegExp(`${INVISIBLE}|["\\\\]`, "gu"),
}));
const ASCII_ONLY = /^[ -~]*$/;
const PLAIN_ASCII = /^[ !#-[\]-~]*$/;
/** Of these JSON escapes the same ones in the same way, and a text of 2 KB in a tenth of the time. */
const JSON_ASCII = /^[ -~\n\r\t]*$/;

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\x1b": "\\e",
};

/** Whether `text` has characters that a reviewer would not see. */
export function hasInvisible(text: string): boolean {
  return !ASCII_ONLY.test(text) && getPatterns().invisible.test(text);
}

/** `text` with each character that a reviewer would not see as `spell` does. */
export function replaceInvisible(text: string, spell: (character: string) => string): string {
  return ASCII_ONLY.test(text) ? text : text.replace(getPatterns().everyInvisible, spell);
}

/** Whether `quoteText` spells it as JSON does. */
export function isQuotedAsJson(text: string): boolean {
  return JSON_ASCII.test(text) || !getPatterns().invisible.test(text.replace(/\n$/, ""));
}

/** `text` in double quotes, on one line. */
export function quoteText(text: string): string {
  if (PLAIN_ASCII.test(text)) return `"${text}"`;
  return isQuotedAsJson(text)
    ? JSON.stringify(text)
    : `"${text.replace(getPatterns().everyInvisibleOrSpecial, escapeCharacter)}"`;
}

/** `text` with its invisible characters escaped, for a comment. */
export function escapeInvisible(text: string): string {
  return quoteText(text).slice(1, -1).replace(/\\"/g, '"');
}

function escapeCharacter(character: string): string {
  const named = NAMED_ESCAPES[character];
  if (named !== undefined) return named;
  const hex = (character.codePointAt(0) as number).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
