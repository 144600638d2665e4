/** Keeps one copy of short texts that come again and again: a part of a larger text is a new string each time. */
const MOST = 200;

/** Returns the copy that it knows of each text. It knows the first 200. */
export function createInterner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const copy = known.get(text);
    if (copy !== undefined) return copy;
    if (known.size < MOST) known.set(text, text);
    return text;
  };
}
