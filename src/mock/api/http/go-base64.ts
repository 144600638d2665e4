/** Base64 as Go's encoding/base64 reads it (StdEncoding, base64.go). */

/**
 * Line ends are left out, padding is needed.
 * @returns where the first byte stands that Go refuses, or undefined if there is none
 */
export function findBase64Error(text: string): number | undefined {
  const illegal = /[^A-Za-z0-9+/\r\n]/.exec(text)?.index ?? text.length;
  const places = [...text.slice(0, illegal).matchAll(/[^\r\n]/g)].map(({ index }) => index);
  const open = places.length % 4;
  const rest = text.slice(illegal).replace(/[\r\n]/g, "");
  if (rest === "") return open === 0 ? undefined : places.at(-open);
  if (open < 2 || !rest.startsWith("=")) return illegal;
  const padding = "=".repeat(4 - open);
  if (rest === padding) return undefined;
  if (padding.startsWith(rest)) return text.length;
  return rest.startsWith(padding) ? illegal + padding.length : illegal;
}
