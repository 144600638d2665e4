/**
 * The payload of a websocket's close message (RFC 6455, section 5.5.1): two bytes of code and a reason.
 * Spelled `1000` or `1000 going away`.
 */
import { decodeUtf8 } from "../base/bytes.ts";

/** Code and reason of a close; undefined if the payload is not of that form. */
export function formatClose(payload: Buffer): string | undefined {
  if (payload.length === 0) return "";
  const reason = decodeUtf8(payload.subarray(2));
  if (payload.length < 2 || reason === undefined) return undefined;
  const code = payload.readUInt16BE(0);
  return reason === "" ? `${code}` : `${code} ${reason}`;
}

/** Parses such a text into the payload; undefined if it is wrong. */
export function parseClose(text: string): Buffer | undefined {
  if (text === "") return Buffer.alloc(0);
  const match = /^(\d{1,5})(?: (.+))?$/s.exec(text);
  const code = Number(match?.[1] ?? 65_536);
  if (code > 65_535) return undefined;
  return Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(match?.[2] ?? "")]);
}
