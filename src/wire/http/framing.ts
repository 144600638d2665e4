/** Where a body ends, decided from the head alone (RFC 9112, 6.3; where Go differs, Go's rule). */
import { WireError } from "../../base/errors.ts";
import { quoteForMessage } from "../quote.ts";
import { findFieldValues, type HeaderField, listTokens } from "./fields.ts";
import type { RequestHead, ResponseHead } from "./head.ts";

export type MessageFraming =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" };

const NONE: MessageFraming = { kind: "none" };
const CHUNKED: MessageFraming = { kind: "chunked" };
const CLOSE: MessageFraming = { kind: "close" };

/**
 * @throws WireError `WHALESONG_BAD_CONTENT_LENGTH`
 * @throws WireError `WHALESONG_BAD_TRANSFER_ENCODING` if the end of the body cannot be known
 */
export function resolveRequestFraming(head: RequestHead): MessageFraming {
  const coding = findLastCoding(head);
  if (coding === "chunked") return CHUNKED;
  if (coding !== undefined) throw createCodingError(coding);
  return readContentLength(head.fields) ?? NONE;
}

/**
 * `method` is the request's: a response to HEAD has no body, whatever its head says.
 * @throws WireError `WHALESONG_BAD_CONTENT_LENGTH`
 */
export function resolveResponseFraming(head: ResponseHead, method: string): MessageFraming {
  if (method === "HEAD" || head.status < 200 || head.status === 204 || head.status === 304) return NONE;
  const coding = findLastCoding(head);
  if (coding !== undefined) return coding === "chunked" ? CHUNKED : CLOSE;
  return readContentLength(head.fields) ?? CLOSE;
}

/** HTTP/1.0 has no transfer codings; Go ignores the field there (golang/go#12785). */
function findLastCoding({ version, fields }: RequestHead | ResponseHead): string | undefined {
  return version === "HTTP/1.0" ? undefined : listTokens(fields, "Transfer-Encoding").at(-1);
}

function createCodingError(coding: string): WireError {
  const message = `cannot tell where the body ends: got Transfer-Encoding ${quoteForMessage(coding)}, expected \`chunked\``;
  return new WireError("WHALESONG_BAD_TRANSFER_ENCODING", message, { fields: { coding } });
}

function readContentLength(fields: readonly HeaderField[]): MessageFraming | undefined {
  const values = findFieldValues(fields, "Content-Length");
  const [first] = values;
  if (first === undefined) return undefined;
  const length = Number(first);
  const isClear = /^\d+$/.test(first) && Number.isSafeInteger(length) && values.every((value) => value === first);
  if (!isClear) throw createLengthError(values);
  return { kind: "length", length };
}

function createLengthError(values: readonly string[]): WireError {
  const found = values.map((value) => quoteForMessage(value)).join(" and ");
  const message = `cannot tell where the body ends: got Content-Length ${found}, expected one whole number of bytes`;
  return new WireError("WHALESONG_BAD_CONTENT_LENGTH", message, { fields: { values } });
}
