/** Parses and encodes the heads of HTTP/1.x messages. Nothing is corrected, reordered or merged. */
import { UsageError, WireError } from "../../base/errors.ts";
import { quoteForMessage } from "../quote.ts";
import { formatFields, type HeaderField, isFieldText, isToken, parseFields } from "./fields.ts";

export { findFieldValue, findFieldValues, type HeaderField, hasToken } from "./fields.ts";
export { HEAD_LIMIT, takeHead } from "./take-head.ts";

export type HttpVersion = "HTTP/1.0" | "HTTP/1.1";

export interface RequestHead {
  readonly method: string;
  /** As in the request line, e.g. `/v1.41/containers/json?all=1`. */
  readonly target: string;
  readonly version: HttpVersion;
  readonly fields: readonly HeaderField[];
}

export interface ResponseHead {
  readonly version: HttpVersion;
  readonly status: number;
  /** Empty if there is none. */
  readonly reason: string;
  readonly fields: readonly HeaderField[];
}

const BAD_REQUEST = "WHALESONG_BAD_REQUEST_HEAD";
const BAD_RESPONSE = "WHALESONG_BAD_RESPONSE_HEAD";
/** No blanks and no control characters in a target; bytes beyond ASCII pass, as they do with Go. */
const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e\x80-\xff]+) (HTTP\/1\.[01])$/;
const TARGET = /^[\x21-\x7e\x80-\xff]+$/;
const STATUS_LINE = /^(HTTP\/1\.[01]) (\d{3})(?: ([\t\x20-\x7e\x80-\xff]*))?$/;

/**
 * Parses a head as `takeHead` returns it.
 * @throws WireError `WHALESONG_BAD_REQUEST_HEAD`
 */
export function parseRequestHead(bytes: Buffer): RequestHead {
  const [first = "", ...lines] = splitLines(bytes);
  const match = REQUEST_LINE.exec(first);
  if (match === null) throw createStartLineError(BAD_REQUEST, "request", first, "METHOD target HTTP/1.1");
  const [, method, target, version] = match as unknown as [string, string, string, HttpVersion];
  return { method, target, version, fields: parseFields(lines, BAD_REQUEST, "the request head") };
}

/**
 * Parses a head as `takeHead` returns it.
 * @throws WireError `WHALESONG_BAD_RESPONSE_HEAD`
 */
export function parseResponseHead(bytes: Buffer): ResponseHead {
  const [first = "", ...lines] = splitLines(bytes);
  const match = STATUS_LINE.exec(first);
  if (match === null) throw createStartLineError(BAD_RESPONSE, "response", first, "HTTP/1.1 200 OK");
  const [, version, status, reason = ""] = match as unknown as [string, HttpVersion, string, string?];
  const fields = parseFields(lines, BAD_RESPONSE, "the response head");
  return { version, status: Number(status), reason, fields };
}

/** Whether a request line can have this target. */
export function isTarget(text: string): boolean {
  return TARGET.test(text);
}

/** The lines before the blank one, without their ends. */
function splitLines(bytes: Buffer): string[] {
  const text = bytes.toString("latin1");
  const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  while (lines.length > 1 && lines.at(-1) === "") lines.pop();
  return lines;
}

function createStartLineError(code: string, what: string, line: string, expected: string): WireError {
  const message = `cannot read the ${what} head: got the line ${quoteForMessage(line)}, expected one like \`${expected}\``;
  return new WireError(code, message, { fields: { line } });
}

/** @throws UsageError `WHALESONG_BAD_HEADER` for a head that would not be parsed back to the same */
export function encodeRequestHead({ method, target, version, fields }: RequestHead): Buffer {
  const line = `${method} ${target} ${version}`;
  if (!REQUEST_LINE.test(line) || !isToken(method)) throw createLineError("request", line);
  return Buffer.from(`${line}\r\n${formatFields(fields)}\r\n`, "latin1");
}

/** @throws UsageError `WHALESONG_BAD_HEADER` for a head that would not be parsed back to the same */
export function encodeResponseHead({ version, status, reason, fields }: ResponseHead): Buffer {
  const line = `${version} ${status} ${reason}`;
  if (!STATUS_LINE.test(line) || !isFieldText(reason)) throw createLineError("status", line);
  return Buffer.from(`${line}\r\n${formatFields(fields)}\r\n`, "latin1");
}

function createLineError(what: string, line: string): UsageError {
  const message = `cannot write the ${what} line: got ${quoteForMessage(line)}, expected latin1 text on one line`;
  return new UsageError("WHALESONG_BAD_HEADER", message, { fields: { line } });
}
