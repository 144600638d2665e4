/** How a line's arguments are cut into words (buildkit frontend/dockerfile/parser/line_parsers.go). */

/** Cut at blanks that no quote and no escape protects; quotes stay where they are. */
export function quotedWords(text: string, escapeMark: string): string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === escapeMark && quote !== "'" && at + 1 < text.length) {
      word += character + text[++at];
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

export function plainWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** A list of strings in JSON; undefined where it is anything else. */
export function jsonWords(text: string): string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * `a=b c="d e"`, or, as of old, one name and the rest of the line as its value: name, value, name, value.
 * Undefined where there is a name only.
 */
export function namesAndValues(text: string, escapeMark: string): string[] | undefined {
  const words = quotedWords(text, escapeMark);
  if (words.length === 0) return [];
  if (!(words[0] as string).includes("=")) {
    const [name = "", rest] = text.split(/\s+(.*)/s);
    return rest === undefined || rest === "" ? undefined : [name, rest];
  }
  return words.every((word) => word.includes("=")) ? words.flatMap(pairOf) : undefined;
}

function pairOf(word: string): [string, string] {
  const equals = word.indexOf("=");
  return [word.slice(0, equals), word.slice(equals + 1)];
}
