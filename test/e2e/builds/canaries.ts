/** Secrets that builds use, and the search for them in what a recording has written. */
import { gunzipSync, constants as zlib } from "node:zlib";

/** Each has characters that encodings change. */
export const CANARIES = {
  "secret from a file": "canary-secret-value/of+file",
  "secret from the environment": "canary-secret-value/of+environment",
  "registry password": "canary-secret-value/of+password",
  "registry token": "canary-secret-value/of+token",
} as const;

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);
const BASE64_RUN = /[A-Za-z0-9+/_-]{24,}/g;
/** Gzip in base64 in gzip is as deep as it gets. */
const MOST_LAYERS = 3;

/** What of the secrets stands in the bytes, such as `registry password, base64`; also within gzip and base64. */
export function findLeaks(bytes: Buffer, layers = MOST_LAYERS): string[] {
  const text = bytes.toString("latin1");
  const leaks = NEEDLES.filter(({ needle }) => text.includes(needle)).map(({ name }) => name);
  if (layers === 0) return leaks;
  const inner = [...unzipAll(bytes), ...decodeAll(text)];
  return [...new Set([...leaks, ...inner.flatMap((one) => findLeaks(one, layers - 1))])];
}

const NEEDLES = Object.entries(CANARIES).flatMap(([secret, value]) =>
  Object.entries(encodeSecret(value)).flatMap(([encoding, needles]) =>
    needles.map((needle) => ({ name: `${secret}, ${encoding}`, needle })),
  ),
);

function encodeSecret(value: string): Record<string, string[]> {
  const base64 = [0, 1, 2].map((shift) => encodeBase64(value, shift));
  const hex = Buffer.from(value).toString("hex");
  const url = encodeURIComponent(value);
  return {
    plain: [value],
    base64: [...base64, ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))],
    hex: [hex, hex.toUpperCase()],
    "URL-encoded": [url, url.replace(/%../g, (code) => code.toLowerCase())],
  };
}

/** The digits that the value alone determines, where it stands `shift` bytes behind the beginning of a group. */
function encodeBase64(value: string, shift: number): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]);
  const first = Math.ceil((shift * 8) / 6);
  return bytes.toString("base64").slice(first, Math.floor((bytes.length * 8) / 6));
}

function unzipAll(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(GZIP_MAGIC); at !== -1; at = bytes.indexOf(GZIP_MAGIC, at + 1)) {
    try {
      found.push(gunzipSync(bytes.subarray(at), { finishFlush: zlib.Z_SYNC_FLUSH }));
    } catch {
      // The three bytes stand there by chance.
    }
  }
  return found;
}

function decodeAll(text: string): Buffer[] {
  return [...text.matchAll(BASE64_RUN)].map(([run]) => Buffer.from(run, "base64"));
}
