/** Words that sh reads as they are. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A command as a line for sh. */
export function formatCommand(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
