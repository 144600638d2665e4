const UNPRINTABLE = /[^\x20-\x7e]/g;

/** Wire data for an error message: escaped, in backticks, and cut off after `most` characters. */
export function quoteForMessage(found: string | Buffer, most = 60): string {
  const text = typeof found === "string" ? found.slice(0, most + 1) : found.toString("latin1", 0, most + 1);
  const shown = text.slice(0, most).replace(UNPRINTABLE, escapeCharacter);
  return text.length > most ? `\`${shown}...\`` : `\`${shown}\``;
}

function escapeCharacter(character: string): string {
  if (character === "\r") return "\\r";
  if (character === "\n") return "\\n";
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
