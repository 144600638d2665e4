/** Letters in both cases, for V8's linear engine, which does not know the flag `i`. */

/** @returns whether all its letters have one other case each, and no references */
export function isFoldable(source: string): boolean {
  return /^[\0-\x7f]*$/.test(source) && !/\\[xuckpP1-9]/.test(source);
}

/** `a[b-d]\w` in both cases: `[aA][b-dB-D]\w`. */
export function foldCase(source: string): string {
  return source.replace(/\\.|\(\?(?:<?[=!]|:)|\[(?:\\.|[^\]\\])*\]|[a-zA-Z]/gs, (piece) => {
    if (piece.startsWith("\\") || piece.startsWith("(")) return piece;
    if (piece.startsWith("[")) return `[${foldClass(piece.slice(1, -1))}]`;
    return `[${piece.toLowerCase()}${piece.toUpperCase()}]`;
  });
}

function foldClass(inside: string): string {
  const more = [...inside.matchAll(/\\.|([a-zA-Z])-([a-zA-Z])|[a-zA-Z]/g)].map(([piece, from, to]) => {
    if (piece.startsWith("\\")) return "";
    if (from === undefined || to === undefined) return swapCase(piece);
    const isOneCase = isLower(from) === isLower(to);
    return isOneCase ? `${swapCase(from)}-${swapCase(to)}` : "a-zA-Z";
  });
  return inside + more.join("");
}

function swapCase(letter: string): string {
  return isLower(letter) ? letter.toUpperCase() : letter.toLowerCase();
}

function isLower(letter: string): boolean {
  return letter === letter.toLowerCase();
}
