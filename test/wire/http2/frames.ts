/** HTTP/2 frames as a peer writes them, and an HPACK encoder that knows literals only. */
import type { HeaderField } from "../../../src/wire/http/fields.ts";

export const TYPES: Readonly<Record<string, number>> = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
};
export const END_STREAM = 0x1;
export const ACK = 0x1;
export const END_HEADERS = 0x4;
export const PADDED = 0x8;
export const PRIORITY = 0x20;

export function frame(type: string | number, flags: number, stream: number, payload: Buffer | string = ""): Buffer {
  const bytes = typeof payload === "string" ? Buffer.from(payload, "latin1") : payload;
  const header = Buffer.alloc(9);
  header.writeUIntBE(bytes.length, 0, 3);
  header.writeUInt8(typeof type === "number" ? type : (TYPES[type] as number), 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, bytes]);
}

export function settings(...pairs: [identifier: number, value: number][]): Buffer {
  return frame("SETTINGS", 0, 0, Buffer.concat(pairs.map(([identifier, value]) => uint(identifier, 2, value, 4))));
}

/** Numbers of so many bytes each. */
export function uint(...pairs: number[]): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const part = Buffer.alloc(pairs[at + 1] as number);
    part.writeUIntBE(pairs[at] as number, 0, part.length);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Literals without indexing, not compressed (RFC 7541, 6.2.2). */
export function headerBlock(fields: readonly HeaderField[]): Buffer {
  const parts = fields.flatMap(([name, value]) => [Buffer.from([0]), hpackString(name), hpackString(value)]);
  return Buffer.concat(parts);
}

export function hpackString(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  return Buffer.concat([hpackInteger(bytes.length, 7, 0), bytes]);
}

export function hpackInteger(value: number, prefix: number, flags: number): Buffer {
  const most = 2 ** prefix - 1;
  if (value < most) return Buffer.from([flags | value]);
  const octets = [flags | most];
  let rest = value - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) + 128);
  return Buffer.from([...octets, rest]);
}
