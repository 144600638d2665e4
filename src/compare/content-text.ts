import { decodeUtf8 } from "../base/bytes.ts";

/** Bytes as text that a report can show: different bytes give different texts. Others than UTF-8 are marked. */
export function toContentText(bytes: Buffer): string {
  return decodeUtf8(bytes) ?? `(not UTF-8) ${bytes.toString("latin1")}`;
}
