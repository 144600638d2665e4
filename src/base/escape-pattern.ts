/** The source of a regular expression, with or without the flag `u`, that matches `text` as it stands. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
