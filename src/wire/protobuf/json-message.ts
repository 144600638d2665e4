import { decodeUtf8 } from "../../base/bytes.ts";
import type { ProtobufValue } from "./protobuf-value.ts";

/** What JSON and YAML can write. */
export type JsonMessageValue =
  | string
  | number
  | boolean
  | readonly JsonMessageValue[]
  | { readonly [key: string]: JsonMessageValue };

/**
 * A decoded value as JSON: bytes as `{ text }` where they are readable, else as `{ base64 }`; bigints as decimal text.
 * `encodeMessage` takes the result as it takes the value itself.
 */
export function toJsonMessage(value: ProtobufValue): JsonMessageValue {
  if (typeof value === "bigint") return `${value}`;
  if (typeof value !== "object") return value;
  if (Buffer.isBuffer(value)) return toJsonBytes(value);
  if (Array.isArray(value)) return (value as readonly ProtobufValue[]).map(toJsonMessage);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toJsonMessage(one as ProtobufValue)]));
}

/** Control characters other than those of terminals' logs make bytes unreadable. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNREADABLE = /[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]/;

function toJsonBytes(bytes: Buffer): JsonMessageValue {
  const text = decodeUtf8(bytes);
  return text === undefined || UNREADABLE.test(text) ? { base64: bytes.toString("base64") } : { text };
}
