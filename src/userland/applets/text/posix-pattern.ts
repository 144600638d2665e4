/** Regular expressions of POSIX, basic and extended, as those of JavaScript (POSIX, Regular Expressions). */
import { escapePattern } from "../../../base/escape-pattern.ts";
import { compileLinear } from "../../linear-patterns.ts";

const CLASSES: Readonly<Record<string, string>> = {
  alpha: "a-zA-Z",
  digit: "0-9",
  alnum: "a-zA-Z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\s",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`{-~",
  xdigit: "0-9A-Fa-f",
};
const OPERATORS = "+?(){}|";
const EDGES: Readonly<Record<string, string>> = { "<": "\\b(?=\\w)", ">": "\\b(?<=\\w)" };

/** @throws SyntaxError where it is none */
export function compilePattern(text: string, isExtended: boolean, flags = ""): RegExp {
  let source = "";
  for (let at = 0; at < text.length; ) {
    const [piece, length] = readPiece(text, at, isExtended, source === "");
    source += piece;
    at += length;
  }
  return compileLinear(source, flags);
}

/** A text that is to be found as it is. */
export function compileLiteral(text: string, flags = ""): RegExp {
  return compileLinear(escapePattern(text), flags);
}

/** The next piece in JavaScript's words, and how long it was. */
function readPiece(text: string, at: number, isExtended: boolean, isFirst: boolean): readonly [string, number] {
  const [one = "", two = ""] = text.slice(at, at + 2);
  if (one === "[") return bracketAt(text, at);
  if (one === "\\") {
    if (OPERATORS.includes(two)) return [isExtended ? `\\${two}` : two, 2];
    return [EDGES[two] ?? (/[\w.*[\]^$/\\]/.test(two) ? `\\${two}` : escapePattern(two)), 2];
  }
  if (one === "*" && isFirst) return ["\\*", 1];
  if (one === "{" && isExtended && !/^\{\d*,?\d*\}/.test(text.slice(at))) return ["\\{", 1];
  return [OPERATORS.includes(one) && !isExtended ? `\\${one}` : one, 1];
}

/** `[^]a[:digit:]-z]`: a backslash stands for itself, but before `n` and `t`. */
function bracketAt(text: string, at: number): readonly [string, number] {
  const [, not = "", content = ""] = /^\[(\^?)(\]?(?:\[:\w+:\]|[^\]])*)\]/.exec(text.slice(at)) ?? [];
  if (content === "") throw new SyntaxError("unmatched [");
  const inside = content.replace(/\[:(\w+):\]|\\(?![nt])|[[\]]/g, (found, name: string | undefined) =>
    name === undefined ? `\\${found}` : (CLASSES[name] ?? ""),
  );
  return [`[${not}${inside}]`, content.length + not.length + 2];
}
