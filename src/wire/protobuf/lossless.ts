import { WireError } from "../../base/errors.ts";
import { decodeMessage } from "./decode-message.ts";
import { encodeMessage } from "./encode-message.ts";
import type { ProtobufMessage } from "./protobuf-value.ts";
import type { ProtobufSchema } from "./schema.ts";

/**
 * The message, if encoding it again gives the same bytes; else undefined, and the bytes are to be kept. Lost would be
 * the order of fields out of order, of map keys that are numbers, and varints that are longer than they need be.
 */
export function decodeLossless(schema: ProtobufSchema, name: string, bytes: Buffer): ProtobufMessage | undefined {
  try {
    const message = decodeMessage(schema, name, bytes);
    return encodeMessage(schema, name, message).equals(bytes) ? message : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** Whether decoding and encoding again gives the same bytes. */
export function isLossless(schema: ProtobufSchema, name: string, bytes: Buffer): boolean {
  return decodeLossless(schema, name, bytes) !== undefined;
}
