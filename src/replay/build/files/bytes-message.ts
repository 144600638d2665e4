/** Messages that carry plain bytes: exported tars, uploaded contexts, tunnelled connections. All have the same shape. */
import { BUILDKIT_SCHEMA } from "../../../wire/buildkit/buildkit-schema.ts";
import { decodeMessage } from "../../../wire/protobuf/decode-message.ts";
import { encodeMessage } from "../../../wire/protobuf/encode-message.ts";

const BYTES_MESSAGE = "moby.filesync.v1.BytesMessage";

export function encodeBytesMessage(data: Buffer): Buffer {
  return encodeMessage(BUILDKIT_SCHEMA, BYTES_MESSAGE, data.length === 0 ? {} : { data });
}

export function decodeBytesMessage(message: Buffer): Buffer {
  const { data = Buffer.alloc(0) } = decodeMessage(BUILDKIT_SCHEMA, BYTES_MESSAGE, message);
  return data as Buffer;
}
