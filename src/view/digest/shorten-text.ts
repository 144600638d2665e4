/** Sizes and texts in little room. */

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** `131 B`, `530.4 MB`. */
export function formatByteSize(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : Number(value.toPrecision(3 + (value >= 100 ? 1 : 0)))} ${UNITS[power]}`;
}

/** At most `length` characters of `text`, with an ellipsis for the rest. */
export function shortenText(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}

/** The first few items, and how many more there are. */
export function joinSome(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join(", ")} and ${rest} more` : items.join(", ");
}
