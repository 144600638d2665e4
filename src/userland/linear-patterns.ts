/**
 * Regular expressions of programs in containers. V8 backtracks, and `(a+)+$` takes it years: the whole simulated daemon
 * would stand still. With the flag below it goes over to an engine that takes linear time once it has backtracked 50,000
 * times; that is counted, not timed, so results do not depend on the machine. That engine knows neither `i` nor `u`, so
 * both are put into other words here. Back references and looking around stay with backtracking, which is given a time.
 */
import { setFlagsFromString } from "node:v8";
import { isTimed, TimedPattern } from "./timed-pattern.ts";

const SURROGATE = /[\ud800-\udfff]/;
let isArmed = false;

/** @throws SyntaxError as `new RegExp` */
export function compileLinear(source: string, flags = ""): RegExp {
  if (!isArmed) setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
  isArmed = true;
  const isPlain = !SURROGATE.test(source);
  const isFolded = flags.includes("i") && isPlain && isFoldable(source);
  const kept = [...flags].filter((flag) => !(flag === "i" && isFolded));
  const folded = isFolded ? foldCase(source) : source;
  return isTimed(folded) ? new TimedPattern(folded, kept.join("")) : new RegExp(folded, kept.join(""));
}

/** `u` is needed where a text has characters of two code units. */
export function chooseUnicode(...texts: readonly string[]): "u" | "" {
  return texts.some((text) => SURROGATE.test(text)) ? "u" : "";
}

/** Whether all its letters have one other case each, and no references. */
function isFoldable(source: string): boolean {
  return /^[\0-\x7f]*$/.test(source) && !/\\[xuckpP1-9]/.test(source);
}

/** `a[b-d]\w` in both cases: `[aA][b-dB-D]\w`. */
function foldCase(source: string): string {
  return source.replace(/\\.|\(\?(?:<?[=!]|:)|\[(?:\\.|[^\]\\])*\]|[a-zA-Z]/gs, (piece) => {
    if (piece.startsWith("\\") || piece.startsWith("(")) return piece;
    if (piece.startsWith("[")) return `[${foldClass(piece.slice(1, -1))}]`;
    return `[${piece.toLowerCase()}${piece.toUpperCase()}]`;
  });
}

function foldClass(inside: string): string {
  const more = [...inside.matchAll(/\\.|([a-zA-Z])-([a-zA-Z])|[a-zA-Z]/g)].map(([piece, from, to]) => {
    if (piece.startsWith("\\")) return "";
    if (from === undefined || to === undefined) return swapCase(piece);
    const isOneCase = isLower(from) === isLower(to);
    return isOneCase ? `${swapCase(from)}-${swapCase(to)}` : "a-zA-Z";
  });
  return inside + more.join("");
}

function swapCase(letter: string): string {
  return isLower(letter) ? letter.toUpperCase() : letter.toLowerCase();
}

function isLower(letter: string): boolean {
  return letter === letter.toLowerCase();
}
