/**
 * The spelling of text in a cassette: plain if YAML 1.1 and 1.2 both read it as the same text, a block literal if it
 * has nothing invisible, otherwise double quotes on one line.
 */
import { hasInvisible, quoteText } from "../../yaml/visible.ts";

/** How a plain word may not begin: YAML's indicators, dots and dashes that could be a marker, blanks. */
const BAD_START = /^(?:[\s!"#%&'*,:=>?@[\]`{|}~]|-(?!-?[A-Za-z])|\.(?![A-Za-z/])|<<)/;
const BAD_INSIDE = /: | #|["\t]|:$|\s$/;
const BAD_IN_FLOW = /[,[\]{}]/;
/** Numbers of either version: 1_000, 0x1f, 1:30 (sexagesimal), 1e3, .5, e5 (in the `yaml` package), and dates. */
const NUMBER_LIKE =
  /^[-+]?(?:[0-9.][0-9_.,:]*(?:[eE][-+]?[0-9]*)?|[eE][-+]?[0-9]+|0[xXoObB][0-9a-fA-F_]*)$|^\d{4}-\d\d?-\d\d?/;
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null|[-+]?\.(?:inf|nan))$/i;

/** Most keys of JSON: longer than any reserved word, and no number. */
const SIMPLE_WORD = /^(?![eE]\d)[A-Za-z]\w{5,}$/;

/** A short word: plain if that is safe, else quoted. `isInFlow`: inside `[...]` or `{...}`. */
export function spellWord(text: string, isInFlow: boolean): string {
  return isPlainSafe(text) && !(isInFlow && BAD_IN_FLOW.test(text)) ? text : quoteText(text);
}

function isPlainSafe(text: string): boolean {
  if (SIMPLE_WORD.test(text)) return true;
  if (text === "" || BAD_START.test(text) || BAD_INSIDE.test(text)) return false;
  return !NUMBER_LIKE.test(text) && !RESERVED.test(text) && !hasInvisible(text);
}

/** Words as `[a, b]`. */
export function spellWords(words: readonly string[]): string {
  return `[${words.map((item) => spellWord(item, true)).join(", ")}]`;
}

/** A payload: a block literal whose lines stand at `indent`, else quoted. No line end after it. */
export function spellPayload(text: string, indent: string): string {
  if (!isLiteralSafe(text)) return quoteText(text);
  const lines = text.slice(0, -1).split("\n");
  return `|\n${lines.map((line) => (line === "" ? "" : indent + line)).join("\n")}`;
}

/**
 * Several lines, the last one ended and not empty, no blank at a line's end, nothing invisible. Only the FIRST
 * line may not begin with a space (YAML takes the indentation from it); `#` there would look like a comment.
 */
function isLiteralSafe(text: string): boolean {
  const firstEnd = text.indexOf("\n");
  if (firstEnd <= 0 || firstEnd === text.length - 1 || !text.endsWith("\n") || text.endsWith("\n\n")) return false;
  return !/^[ #]| $/m.test(text.slice(0, firstEnd)) && !/ \n/.test(text) && !hasInvisible(text.replaceAll("\n", ""));
}
