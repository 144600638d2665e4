/**
 * JSON as Go's encoding/json writes it, so that a mock's responses have the same bytes as dockerd's. The daemons that
 * whalesong is compared with are built with Go before 1.22, which does not write \b and \f.
 */
import { UsageError } from "../base/errors.ts";

/** Text that is written as it is, as almost all text is: printable ASCII without `"`, `&`, `<`, `>` and `\`. */
const UNESCAPED = /^[ !#-%'-;=?-[\]-~]*$/;
/** In unicode mode a class of surrogates matches lone ones only. */
const PLAIN = /["\\\u2028\u2029\ud800-\udfff]|[^ -\u{10ffff}]/gu;
const HTML = /["\\<>&\u2028\u2029\ud800-\udfff]|[^ -\u{10ffff}]/gu;
const SHORT: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** `text` in quotes. `escapeHtml` is json.Marshal's default; moby's event and progress encoders keep it. */
export function encodeGoString(text: string, escapeHtml = true): string {
  if (UNESCAPED.test(text)) return `"${text}"`;
  return `"${text.replace(escapeHtml ? HTML : PLAIN, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  // Go has no lone surrogates: it writes invalid text as the escaped replacement character.
  return `\\u${(code >= 0xd800 && code < 0xe000 ? 0xfffd : code).toString(16).padStart(4, "0")}`;
}

/**
 * Encodes `value` without blanks, members in their order. Undefined members are left out (Go's omitempty). bigint
 * stands for 64-bit integers that a number cannot hold.
 * @throws UsageError `WHALESONG_NOT_JSON` for NaN, infinities, functions and symbols
 */
export function encodeGoJson(value: unknown, escapeHtml = true): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return encodeGoString(value, escapeHtml);
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "boolean" || typeof value === "bigint") return `${value}`;
  if (Array.isArray(value)) return `[${value.map((item) => encodeGoJson(item, escapeHtml)).join(",")}]`;
  if (typeof value === "object") return encodeObject(value, escapeHtml);
  throw createJsonError(value);
}

/**
 * A list in bytes, and a line's end. Each member is encoded by itself, when it is made: ten thousand that are there at
 * once, as objects and as the pieces of their text, cost the garbage collection more than the encoding takes.
 * @throws UsageError `WHALESONG_NOT_JSON` as `encodeGoJson`
 */
export function encodeGoJsonListLine(members: Iterable<unknown>, escapeHtml = true): Buffer {
  const pieces: Buffer[] = [];
  for (const member of members) {
    pieces.push(Buffer.from(`${pieces.length === 0 ? "[" : ","}${encodeGoJson(member, escapeHtml)}`));
  }
  pieces.push(Buffer.from(pieces.length === 0 ? "[]\n" : "]\n"));
  return Buffer.concat(pieces);
}

function encodeObject(value: object, escapeHtml: boolean): string {
  let members = "";
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const comma = members === "" ? "" : ",";
    members += `${comma}${encodeGoString(key, escapeHtml)}:${encodeGoJson(member, escapeHtml)}`;
  }
  return `{${members}}`;
}

/** Go's float encoding follows ECMAScript's Number::toString, except for the sign of zero. */
function encodeNumber(value: number): string {
  if (!Number.isFinite(value)) throw createJsonError(value);
  return Object.is(value, -0) ? "-0" : `${value}`;
}

function createJsonError(value: unknown): UsageError {
  return new UsageError("WHALESONG_NOT_JSON", `cannot write JSON: got \`${String(value)}\`, expected a JSON value`);
}
