/** Compiles a pattern of Go's path.Match, whose `*` and `?` stop at slashes. Undefined for a malformed pattern. */
export function compileGlob(pattern: string): RegExp | undefined {
  let source = "";
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] as string;
    if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "[") {
      const end = pattern.indexOf("]", at + 2);
      if (end === -1) return undefined;
      source += `[${pattern.slice(at + 1, end).replace(/[\\[]/g, "\\$&")}]`;
      at = end;
    } else if (character === "\\") {
      at += 1;
      if (at === pattern.length) return undefined;
      source += escapeCharacter(pattern[at] as string);
    } else source += escapeCharacter(character);
  }
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return undefined;
  }
}

function escapeCharacter(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
