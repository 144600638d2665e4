/** Scalars on one line, as `cassette/write/spell.ts` writes them. Whatever is accepted has the same meaning in YAML. */
import { findClosingQuote } from "../json-reader.ts";
import type { ScalarNode } from "../node.ts";
import { requireCanonical } from "./not-canonical.ts";

/** How a plain scalar begins: no indicator of YAML, but a dash before a word. */
const PLAIN_START = /^(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|-(?=[^\s,[\]{}]))/;
/** A plain scalar within brackets. */
const FLOW_PLAIN =
  /(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|-(?=[^\s,[\]{}]))(?:[^\s,[\]{}":]|:(?=[^\s,[\]{}"'])| +(?=[^\s,[\]{}#]))*/y;
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|(.))/g;
const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** The plain scalar that `text` has from `start` up to `end`, the end of its line or of a key. */
export function readPlain(text: string, start: number, end: number): ScalarNode {
  const value = text.slice(start, end);
  requireCanonical(PLAIN_START.test(value) && !value.includes(" #") && !value.includes(": "));
  requireCanonical(!value.endsWith(":") && !value.endsWith(" "));
  return { kind: "scalar", value, style: "plain", start, end };
}

/** The plain scalar at `start`, within brackets. */
export function readFlowPlain(text: string, start: number): ScalarNode {
  FLOW_PLAIN.lastIndex = start;
  const value = FLOW_PLAIN.exec(text)?.[0];
  requireCanonical(value !== undefined);
  return { kind: "scalar", value, style: "plain", start, end: start + value.length };
}

/** The text in double quotes at `start`; it ends before `lineEnd`. */
export function readQuoted(text: string, start: number, lineEnd: number): ScalarNode {
  const closing = findClosingQuote(text, start);
  requireCanonical(closing !== -1 && closing < lineEnd);
  const inner = text.slice(start + 1, closing);
  const value = inner.includes("\\") ? inner.replace(ESCAPE, decodeEscape) : inner;
  return { kind: "scalar", value, style: "quoted", start, end: closing + 1 };
}

function decodeEscape(_all: string, byte: string, long: string, unit: string, name: string): string {
  if (name === undefined) return decodeCode(byte ?? long ?? unit);
  const value = NAMED_ESCAPES[name];
  requireCanonical(value !== undefined);
  return value;
}

function decodeCode(hex: string): string {
  const code = Number.parseInt(hex, 16);
  requireCanonical(code <= 0x10ffff);
  return String.fromCodePoint(code);
}
