const LONG_ID = /\b([0-9a-f]{12})[0-9a-f]{52}\b/g;

/** `text` with the first 12 digits of each long id, as docker prints them. */
export function shortenIds(text: string): string {
  return text.replace(LONG_ID, "$1");
}
