/** Messages that carry plain bytes: exported tars, uploaded contexts, tunnelled connections. All have the same shape. */

import { decodeMessage } from "../../protobuf/decode-message.ts";
import { encodeMessage } from "../../protobuf/encode-message.ts";
import { BUILDKIT_SCHEMA } from "../buildkit-schema.ts";

const BYTES_MESSAGE = "moby.filesync.v1.BytesMessage";

export function encodeBytesMessage(data: Buffer): Buffer {
  return encodeMessage(BUILDKIT_SCHEMA, BYTES_MESSAGE, data.length === 0 ? {} : { data });
}

export function decodeBytesMessage(message: Buffer): Buffer {
  const { data = Buffer.alloc(0) } = decodeMessage(BUILDKIT_SCHEMA, BYTES_MESSAGE, message);
  return data as Buffer;
}
