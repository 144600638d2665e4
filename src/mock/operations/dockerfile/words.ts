/** Splits a line's arguments into words (buildkit frontend/dockerfile/parser/line_parsers.go). */
import { badParameter } from "../../model/api-error.ts";

/** Splits at blanks outside quotes and escapes. The words keep their quotes. */
export function splitQuotedWords(text: string, escapeMark: string): string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === escapeMark && quote !== "'") {
      // An escape at the end of the line is dropped.
      at += 1;
      if (at < text.length) word += character + text[at];
      continue;
    }
    if (quote === "" && /\s/.test(character)) {
      if (word !== "") words.push(word);
      word = "";
      continue;
    }
    if (quote === "" ? character === '"' || character === "'" : character === quote)
      quote = quote === "" ? character : "";
    word += character;
  }
  return word === "" ? words : [...words, word];
}

export function splitWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/**
 * The JSON list of strings that a text begins with. Like Go's decoder, it ignores what follows the list. Undefined for a
 * text that is no JSON list.
 * @throws ApiError 400 for a list with other members
 */
export function parseJsonWords(text: string): string[] | undefined {
  const [list] = /^\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\]/s.exec(text) ?? [];
  const value = list === undefined ? undefined : parseList(list);
  if (value === undefined) return undefined;
  if (value.every((item) => typeof item === "string")) return value;
  const reason = "when using JSON array syntax, arrays must be comprised of strings only";
  throw badParameter(`failed to parse Dockerfile: ${reason}`);
}

function parseList(text: string): unknown[] | undefined {
  try {
    return JSON.parse(text) as unknown[];
  } catch {
    return undefined;
  }
}

/**
 * Names and values in turn, of `a=b c="d e"` or of the old form `a b c`, whose value is the rest of the line.
 * Undefined for a name without a value.
 */
export function parseNamesAndValues(text: string, escapeMark: string): string[] | undefined {
  const words = splitQuotedWords(text, escapeMark);
  if (words.length === 0) return [];
  if (!(words[0] as string).includes("=")) {
    const [name = "", rest] = text.split(/\s+(.*)/s);
    return rest === undefined || rest === "" ? undefined : [name, rest];
  }
  return words.every((word) => word.includes("=")) ? words.flatMap(splitPair) : undefined;
}

function splitPair(word: string): [string, string] {
  const equals = word.indexOf("=");
  return [word.slice(0, equals), word.slice(equals + 1)];
}
