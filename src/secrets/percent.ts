/** Percent-encoding of queries. Text is latin1: one character is one byte. */

const ESCAPE = /%([0-9a-f]{2})/gi;
const RESERVED = /[^A-Za-z0-9._~-]/g;

/** `+` is a blank in a query only. */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

export function encodePercent(text: string): string {
  return text.replace(RESERVED, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}
