/**
 * Header and trailer fields. All text is latin1: one character is one byte, so that every field can be written again
 * as a peer sent it.
 */
import { UsageError, WireError } from "../../base/errors.ts";
import { quoteForMessage } from "../quote.ts";

/** One header field as it stood on the wire: case, order and duplicates are kept by keeping a list of these. */
export type HeaderField = readonly [name: string, value: string];

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** field-content of RFC 9110, 5.5: no control characters but the tab. */
const TEXT = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Whether `text` is a token (RFC 9110, 5.6.2), as methods and field names are. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Whether `text` may be a field's value or a reason phrase. */
export function isFieldText(text: string): boolean {
  return TEXT.test(text);
}

/** Reads lines without their ends. `code` and `what` name the message that a bad line belongs to. */
export function parseFields(lines: readonly string[], code: string, what: string): HeaderField[] {
  return lines.map((line) => {
    const field = parseField(line);
    if (field !== undefined) return field;
    // Go joins folded lines. RFC 9112, 5.2 lets a server refuse them, and no Docker client sends any.
    throw new WireError(code, `cannot read ${what}: got the line ${quoteForMessage(line)}, expected \`Name: value\``, {
      fields: { line },
    });
  });
}

function parseField(line: string): HeaderField | undefined {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(colon, 0));
  if (!isToken(name)) return undefined;
  const value = trimBlanks(line, colon + 1);
  return isFieldText(value) ? [name, value] : undefined;
}

/** Not trim(): that would also take U+00A0, which in latin1 may be half of a UTF-8 character. */
function trimBlanks(line: string, from: number): string {
  let start = from;
  let end = line.length;
  while (start < end && isBlank(line.charCodeAt(start))) start += 1;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

function isBlank(character: number): boolean {
  return character === 0x20 || character === 0x09;
}

/**
 * The fields as lines, each with its CRLF.
 * @throws UsageError `WHALESONG_BAD_HEADER` for a name or value that would not be read as one field
 */
export function formatFields(fields: readonly HeaderField[]): string {
  let text = "";
  for (const [name, value] of fields) {
    if (!isToken(name) || !isFieldText(value)) throw createHeaderError(name, value);
    text += `${name}: ${value}\r\n`;
  }
  return text;
}

function createHeaderError(name: string, value: string): UsageError {
  const message = `cannot write the header ${quoteForMessage(name)}: got the value ${quoteForMessage(value)}, expected a token and latin1 text on one line`;
  return new UsageError("WHALESONG_BAD_HEADER", message, { fields: { name, value } });
}

/** The first field's value; names are compared without regard to case. */
export function findFieldValue(fields: readonly HeaderField[], name: string): string | undefined {
  const lowerName = name.toLowerCase();
  for (const field of fields) if (isNamed(field, lowerName)) return field[1];
  return undefined;
}

/** All values of that name, in order. */
export function findFieldValues(fields: readonly HeaderField[], name: string): string[] {
  const lowerName = name.toLowerCase();
  const values: string[] = [];
  for (const field of fields) if (isNamed(field, lowerName)) values.push(field[1]);
  return values;
}

/** Whether a field of that name lists `token`: `Connection: keep-alive, Upgrade`. Most messages have no such field. */
export function hasToken(fields: readonly HeaderField[], name: string, token: string): boolean {
  if (findFieldValue(fields, name) === undefined) return false;
  const lowerToken = token.toLowerCase();
  return listTokens(fields, name).some((listed) => listed === lowerToken);
}

/** The comma-separated items of the fields of that name, in lower case. */
export function listTokens(fields: readonly HeaderField[], name: string): string[] {
  const listed: string[] = [];
  for (const value of findFieldValues(fields, name)) {
    for (const token of value.toLowerCase().split(",")) if (token.trim() !== "") listed.push(token.trim());
  }
  return listed;
}

function isNamed([name]: HeaderField, lowerName: string): boolean {
  return name.length === lowerName.length && name.toLowerCase() === lowerName;
}
