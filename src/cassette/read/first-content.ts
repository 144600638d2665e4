/** A loop and no repeated group: on a million lines the latter would run out of stack, or out of patience. */
const EMPTY_LINE = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;

/** Where the first line begins that is neither blank nor a comment; the text's length if there is none. */
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
