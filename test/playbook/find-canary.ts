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
  return [...bytes.toString("latin1").matchAll(/[A-Za-z0-9+/_-]{40,}={0,2}/g)].flatMap(([text]) => {
    const inner = Buffer.from(text, "base64");
    return Object.entries(encodingsOf(canary)).flatMap(([name, encoded]) =>
      inner.includes(encoded) ? [`within base64, ${name}`] : [],
    );
  });
}
