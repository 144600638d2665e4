/** The prompt of a shell, with its parameters. */
import { expandText } from "./expand.ts";
import { readQuoted } from "./read-word.ts";
import type { Shell } from "./shell.ts";

export function formatPrompt(shell: Shell): Promise<string> {
  const template = shell.values.get("PS1") ?? "\\w \\$ ";
  const home = shell.values.get("HOME");
  const place = home !== undefined && home !== "/" && shell.cwd === home ? "~" : shell.cwd;
  const text = template
    .replaceAll("\\w", place)
    .replaceAll("\\h", shell.self.table.hostname)
    .replaceAll("\\u", shell.self.user.name)
    .replaceAll("\\$", shell.self.user.uid === 0 ? "#" : "$");
  return expandText(readQuoted(text), shell);
}
