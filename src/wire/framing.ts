/** Where a body ends, told from the head alone (RFC 9112, 6.3, with Go's reading where the two differ). */
import { WireError } from "../base/errors.ts";
import { fieldValues, type HeaderField, listedTokens } from "./fields.ts";
import type { RequestHead, ResponseHead } from "./head.ts";
import { quoted } from "./quote.ts";

export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" };

const NONE: Framing = { kind: "none" };
const CHUNKED: Framing = { kind: "chunked" };
const CLOSE: Framing = { kind: "close" };

/**
 * @throws WireError `WHALESONG_BAD_CONTENT_LENGTH`
 * @throws WireError `WHALESONG_BAD_TRANSFER_ENCODING` where the end of the body could not be told
 */
export function requestFraming(head: RequestHead): Framing {
  const coding = lastCoding(head);
  if (coding === "chunked") return CHUNKED;
  if (coding !== undefined) throw badCoding(coding);
  return lengthOf(head.fields) ?? NONE;
}

/**
 * `method` is the request's: an answer to HEAD has no body whatever its head says.
 * @throws WireError `WHALESONG_BAD_CONTENT_LENGTH`
 */
export function responseFraming(head: ResponseHead, method: string): Framing {
  if (method === "HEAD" || head.status < 200 || head.status === 204 || head.status === 304) return NONE;
  const coding = lastCoding(head);
  if (coding !== undefined) return coding === "chunked" ? CHUNKED : CLOSE;
  return lengthOf(head.fields) ?? CLOSE;
}

/** HTTP/1.0 knows no transfer codings; Go ignores the field there (golang/go#12785). */
function lastCoding({ version, fields }: RequestHead | ResponseHead): string | undefined {
  return version === "HTTP/1.0" ? undefined : listedTokens(fields, "Transfer-Encoding").at(-1);
}

function badCoding(coding: string): WireError {
  const message = `cannot tell where the body ends: got Transfer-Encoding ${quoted(coding)}, expected \`chunked\``;
  return new WireError("WHALESONG_BAD_TRANSFER_ENCODING", message, { fields: { coding } });
}

function lengthOf(fields: readonly HeaderField[]): Framing | undefined {
  const values = fieldValues(fields, "Content-Length");
  const [first] = values;
  if (first === undefined) return undefined;
  const length = Number(first);
  const isClear = /^\d+$/.test(first) && Number.isSafeInteger(length) && values.every((value) => value === first);
  if (!isClear) throw badLength(values);
  return { kind: "length", length };
}

function badLength(values: readonly string[]): WireError {
  const found = values.map((value) => quoted(value)).join(" and ");
  const message = `cannot tell where the body ends: got Content-Length ${found}, expected one whole number of bytes`;
  return new WireError("WHALESONG_BAD_CONTENT_LENGTH", message, { fields: { values } });
}
