/** What people type for a command that has another name here, or stands behind one: `whalesong merge`. */

/** The command that is meant by a word. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ...["keep", "drop", "split", "merge", "rename", "retime", "fmt", "embed"].map(
    (action) => [action, `edit ${action}`] as const,
  ),
  ...["har", "cast", "curl"].map((format) => [format, `export ${format}`] as const),
  ["trim", "edit keep"],
  ["format", "edit fmt"],
  ["asciicast", "export cast"],
  ["compare", "diff"],
  ["cat", "show"],
  ["lint", "check"],
  ["validate", "check"],
]);

/** `edit merge` for `merge`; undefined for a word that nothing is known of. */
export function findOtherName(word: string): string | undefined {
  return OTHER_NAMES.get(word);
}
