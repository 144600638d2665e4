/**
 * Paths written by hand may hold names in braces, each of which catches one or more segments of a real path:
 * `/containers/{id}/json`. What was caught may be named in the answer.
 */
export interface PathPattern {
  /** What the names catch of this path, or undefined if the pattern does not fit. */
  caughtFrom(path: string): Caught | undefined;
}

/** By name: what it caught, its escapes undone. */
export type Caught = ReadonlyMap<string, string>;

const NAME = /\{([A-Za-z_]\w*)\}/g;

/** The pattern that a recorded path is; undefined for a plain path. */
export function pathPattern(path: string): PathPattern | undefined {
  const names = [...path.matchAll(NAME)].map((match) => match[1] as string);
  if (names.length === 0) return undefined;
  const literals = path.split(/\{[A-Za-z_]\w*\}/).map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  const expression = new RegExp(`^${literals.join("(.+?)")}$`);
  return {
    caughtFrom: (actual) => {
      const match = expression.exec(actual);
      return match === null ? undefined : new Map(names.map((name, at) => [name, unescaped(match[at + 1] as string)]));
    },
  };
}

/** What would break the JSON it is put into stays as it was sent. */
function unescaped(text: string): string {
  try {
    const plain = decodeURIComponent(text);
    return JSON.stringify(plain) === `"${plain}"` ? plain : text;
  } catch {
    return text;
  }
}

/** Text in which `{id}` stands for what `id` caught. Other braces stay as they are. */
export function withCaught(text: string, caught: Caught): string {
  return text.replace(NAME, (whole, name: string) => caught.get(name) ?? whole);
}
