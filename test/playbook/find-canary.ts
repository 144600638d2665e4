/** Looks for a secret in all that was written, in every encoding that it may have. It shares no code with src. */
import { gunzipSync } from "node:zlib";

/** The encodings in which the canary is found; empty where it is not. */
export function findCanary(bytes: Buffer, canary: string): string[] {
  const found = Object.entries(encodingsOf(canary)).filter(([, text]) => bytes.includes(text));
  return [...found.map(([name]) => name), ...findInGzips(bytes, canary), ...findInBase64(bytes, canary)];
}

function encodingsOf(canary: string): Record<string, string> {
  const hex = Buffer.from(canary).toString("hex");
  const base64 = [0, 1, 2].map((shift) => {
    const digits = Buffer.concat([Buffer.alloc(shift), Buffer.from(canary)]).toString("base64");
    return digits.slice(shift === 0 ? 0 : shift + 1, Math.floor(((canary.length + shift) * 8) / 6));
  });
  return {
    plain: canary,
    ...Object.fromEntries(base64.map((text, shift) => [`base64 at ${shift}`, text])),
    ...Object.fromEntries(
      base64.map((text, shift) => [`base64url at ${shift}`, text.replace(/\+/g, "-").replace(/\//g, "_")]),
    ),
    urlencoded: encodeURIComponent(canary),
    hex,
    HEX: hex.toUpperCase(),
    json: JSON.stringify(canary).slice(1, -1),
  };
}

function findInGzips(bytes: Buffer, canary: string): string[] {
  const found: string[] = [];
  for (let at = bytes.indexOf("1f8b08", "hex"); at !== -1; at = bytes.indexOf(Buffer.from("1f8b08", "hex"), at + 1)) {
    try {
      found.push(...findCanary(gunzipSync(bytes.subarray(at)), canary).map((name) => `gzip, ${name}`));
    } catch {
      // These bytes only look like the beginning of a gzip.
    }
  }
  return found;
}

function findInBase64(bytes: Buffer, canary: string): string[] {
  const encodings = Object.entries(encodingsOf(canary));
  return listBase64(bytes).flatMap((text) => {
    const inner = Buffer.from(text, "base64");
    return encodings.flatMap(([name, encoded]) => (inner.includes(encoded) ? [`within base64, ${name}`] : []));
  });
}

const DIGITS = new Uint8Array(256);
for (const digit of Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"))
  DIGITS[digit] = 1;
/** Shorter ones hold no canary. */
const LEAST = 40;

/** The runs of at least 40 digits. It looks at the last of 40 bytes first, and so at few bytes of a text. */
function listBase64(bytes: Buffer): string[] {
  const runs: string[] = [];
  const isDigit = (at: number): boolean => DIGITS[bytes[at] ?? 0] === 1;
  for (let start = 0; start + LEAST <= bytes.length; ) {
    let at = start + LEAST - 1;
    while (at >= start && isDigit(at)) at -= 1;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    let end = start + LEAST;
    while (end < bytes.length && isDigit(end)) end += 1;
    runs.push(bytes.toString("latin1", start, end));
    start = end + 1;
  }
  return runs;
}
