/**
 * Paths written by hand may hold names in braces, each of which captures one or more segments of a real path:
 * `/containers/{id}/json`. The response can name what was captured.
 */
import { escapePattern } from "../../base/escape-pattern.ts";

export interface PathPattern {
  /** What the names capture of this path; undefined if the pattern does not fit. */
  capture(path: string): PathCaptures | undefined;
}

/** By name: the captured text, with its percent escapes decoded. */
export type PathCaptures = ReadonlyMap<string, string>;

const NAME = /\{([A-Za-z_]\w*)\}/g;

/** The pattern that a recorded path is; undefined for a plain path. */
export function parsePathPattern(path: string): PathPattern | undefined {
  if (!path.includes("{")) return undefined;
  const names = [...path.matchAll(NAME)].map((match) => match[1] as string);
  if (names.length === 0) return undefined;
  const literals = path.split(/\{[A-Za-z_]\w*\}/).map(escapePattern);
  const expression = new RegExp(`^${literals.join("(.+?)")}$`);
  return {
    capture: (actual) => {
      const match = expression.exec(actual);
      if (match === null) return undefined;
      return new Map(names.map((name, at) => [name, decodeSegment(match[at + 1] as string)]));
    },
  };
}

/** Text that would break the JSON of a response stays encoded. */
function decodeSegment(text: string): string {
  try {
    const plain = decodeURIComponent(text);
    return JSON.stringify(plain) === `"${plain}"` ? plain : text;
  } catch {
    return text;
  }
}

/** Replaces `{id}` by what `id` captured. Other braces stay as they are. */
export function insertCaptures(text: string, captures: PathCaptures): string {
  return text.replace(NAME, (whole, name: string) => captures.get(name) ?? whole);
}
