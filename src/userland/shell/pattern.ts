/** Patterns of file names and of `case` (POSIX, Shell Command Language, 2.13). */
import { escapePattern } from "../../base/escape-pattern.ts";
import { chooseUnicode, compileLinear } from "../linear-patterns.ts";

const SPECIAL = /[\\^$.|+(){}]/g;

export function hasPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

/** `text` with its special characters taken literally. */
export function escapeLiteral(text: string): string {
  return text.replace(/[*?[\]\\]/g, "\\$&");
}

export function toPatternSource(pattern: string): string {
  let source = "";
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] as string;
    const end = character === "[" ? pattern.indexOf("]", at + 2) : -1;
    if (character === "\\") source += escapePattern(pattern[++at] ?? "\\");
    else if (character === "*") source += "[^]*";
    else if (character === "?") source += "[^]";
    else if (end !== -1) {
      source += `[${pattern
        .slice(at + 1, end)
        .replace(/^!/, "^")
        .replaceAll("\\", "\\\\")}]`;
      at = end;
    } else source += character === "[" ? "\\[" : character.replace(SPECIAL, "\\$&");
  }
  return source;
}

export function isPatternMatch(text: string, pattern: string): boolean {
  return compileLinear(`^(?:${toPatternSource(pattern)})$`, chooseUnicode(pattern, text)).test(text);
}
