/** Two texts that differ, cut so that their first difference can be seen. */

const WIDTH = 60;
/** So much is left of what they share in front of it. */
const SHARED = 20;

export function shortenAround(one: string, other: string): readonly [string, string] {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const from = start <= SHARED || Math.max(one.length, other.length) <= WIDTH ? 0 : start - SHARED;
  return [cut(one, from), cut(other, from)];
}

function cut(text: string, from: number): string {
  const end = text.length > from + WIDTH ? "..." : "";
  return `${from > 0 ? "..." : ""}${text.slice(from, from + WIDTH)}${end}`;
}
