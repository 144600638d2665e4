/**
 * The one of `words` nearest to a mistyped `word`; undefined if more letters than `limit` differ.
 * @param limit a third of the word's letters by default
 */
export function findNearestWord(
  word: string,
  words: readonly string[],
  limit: number = Math.ceil(word.length / 3),
): string | undefined {
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of words) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = measureEditDistance(word, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** How many letters must be inserted, removed or replaced (Levenshtein). */
export function measureEditDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
