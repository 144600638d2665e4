/** Matched in a loop: a repeated group would overflow the stack, or take too long, on a million lines. */
const EMPTY_LINE = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;

/** The offset of the first line that is neither blank nor a comment; the text's length if there is none. */
export function findFirstContent(text: string): number {
  let at = 0;
  while (at < text.length) {
    EMPTY_LINE.lastIndex = at;
    const line = EMPTY_LINE.exec(text);
    if (line === null) return at;
    at += line[0].length;
  }
  return at;
}
