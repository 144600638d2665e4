/** Decodes bytes that a tool has put into JSON: as hex, as JSON, or compressed. */
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { decodeUtf8 } from "../base/bytes.ts";
import { encodeJson, parseTidyJson } from "../cassette/json-tree.ts";
import type { LocatedValue } from "./located-value.ts";

const HEX = /^(?:[0-9a-f]{2})+$/i;

/** The bytes of a text that is hex because they are no UTF-8; undefined where the text is meant as text. */
export function decodeHex(text: string): Buffer | undefined {
  if (!HEX.test(text)) return undefined;
  const bytes = Buffer.from(text, "hex");
  return decodeUtf8(bytes) === undefined ? bytes : undefined;
}

/** JSON as a daemon may have written it; the first that has `size` bytes, if one has. Go ends it with a line end. */
export function encodeJsonBody(value: LocatedValue, size: number | undefined): Buffer {
  const json = parseTidyJson(value.json);
  const plain = json === undefined ? JSON.stringify(JSON.parse(value.json)) : encodeJson(json, "plain");
  const escaped = json === undefined ? plain : encodeJson(json, "escaped");
  const spellings = [`${plain}\n`, plain, `${escaped}\n`, escaped, value.json].map((text) => Buffer.from(text));
  return spellings.find(({ length }) => length === size) ?? (spellings[0] as Buffer);
}

/** In bytes. No tool keeps larger bodies in a file of JSON. */
const UNPACKED_LIMIT = 256 * 1024 * 1024;

const UNPACK: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: (bytes) => gunzipSync(bytes, { maxOutputLength: UNPACKED_LIMIT }),
  "x-gzip": (bytes) => gunzipSync(bytes, { maxOutputLength: UNPACKED_LIMIT }),
  deflate: (bytes) => inflateSync(bytes, { maxOutputLength: UNPACKED_LIMIT }),
  br: (bytes) => brotliDecompressSync(bytes, { maxOutputLength: UNPACKED_LIMIT }),
};

/** Decompresses bytes that are compressed as Content-Encoding says. */
export function removeContentEncoding(bytes: Buffer, encoding: string, value: LocatedValue): Buffer {
  const codings = encoding.toLowerCase().split(",").reverse();
  return codings.reduce((packed, coding) => {
    try {
      return (UNPACK[coding.trim()] as (bytes: Buffer) => Buffer)(packed);
    } catch {
      throw value.createShapeError(`what \`Content-Encoding: ${encoding}\` can be taken off of, in hex`);
    }
  }, bytes);
}
