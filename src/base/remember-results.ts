import { detachText } from "./detach-text.ts";

/** What is remembered of the texts that a function is given. */
export interface MemoryLimits {
  /** The number of texts. */
  readonly most: number;
  /** Their length: a long text hardly comes again. */
  readonly longest: number;
}

/**
 * `make`, which is called once for each of the first texts: of the lines of a large file most come again and again.
 * @param make is to return the same for the same text
 * @example
 * const readLine = rememberResults(parseLine, { most: 1000, longest: 50 });
 */
export function rememberResults<T>(make: (text: string) => T, { most, longest }: MemoryLimits): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    if (text.length > longest) return make(text);
    const known = results.get(text);
    if (known !== undefined || results.size >= most) return known ?? make(text);
    const copy = detachText(text);
    const made = make(copy);
    results.set(copy, made);
    return made;
  };
}
