/** Compiles a pattern of Go's path.Match, whose `*` and `?` stop at slashes. Undefined for a malformed pattern. */
import { escapePattern } from "../../base/escape-pattern.ts";

export function compileGlob(pattern: string): RegExp | undefined {
  const characters = [...pattern];
  let source = "";
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] as string;
    if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "[") {
      const set = compileSet(characters, at);
      if (set === undefined) return undefined;
      source += set.source;
      at = set.end;
    } else {
      if (character === "\\") at += 1;
      if (at === characters.length) return undefined;
      source += escapePattern(characters[at] as string);
    }
  }
  return new RegExp(`^${source}$`, "u");
}

/** Compiles `[a-z]` or `[^a-z]` at a position. `end` is the position of its `]`. */
function compileSet(
  characters: readonly string[],
  start: number,
): { readonly source: string; readonly end: number } | undefined {
  const isNegated = characters[start + 1] === "^";
  let at = start + (isNegated ? 2 : 1);
  let source = "";
  while (characters[at] !== "]" || source === "") {
    const first = readSetCharacter(characters, at);
    if (first === undefined) return undefined;
    at = first.next;
    let last = first;
    if (characters[at] === "-") {
      const end = readSetCharacter(characters, at + 1);
      if (end === undefined) return undefined;
      last = end;
      at = end.next;
    }
    if (last.character < first.character) source += NOTHING;
    else source += `${escapeInSet(first.character)}-${escapeInSet(last.character)}`;
  }
  return { source: isNegated ? `[^${source}]` : `[${source}]`, end: at };
}

/** A range such as `[z-a]` is valid and matches nothing. A lone escape stands in for it, so that a set is not empty. */
const NOTHING = "\\uFFFF";

/** A bare `-` or `]` is malformed. An escaped one is not. */
function readSetCharacter(
  characters: readonly string[],
  at: number,
): { readonly character: string; readonly next: number } | undefined {
  const isEscaped = characters[at] === "\\";
  const character = characters[isEscaped ? at + 1 : at];
  if (character === undefined || (!isEscaped && (character === "-" || character === "]"))) return undefined;
  return { character, next: at + (isEscaped ? 2 : 1) };
}

function escapeInSet(character: string): string {
  return character === "-" ? "\\-" : escapePattern(character);
}
