/** JSON as Go's encoding/json reads it, with its error messages. */
import { systemError } from "../../model/api-error.ts";

/** What V8 complains about, and where Go says that the character is. */
const PLACES: readonly (readonly [v8: RegExp, go: string])[] = [
  [/^Expected (property name|double-quoted property name)/, "looking for beginning of object key string"],
  [/^Expected ':'/, "after object key"],
  [/^Expected ',' or '}'/, "after object key:value pair"],
  [/^Expected ',' or ']'/, "after array element"],
  [/^Bad control character/, "in string literal"],
  [/^Bad escaped character/, "in string escape code"],
  [/^No number after minus/, "in numeric literal"],
  [/^Unterminated fractional/, "after decimal point in numeric literal"],
  [/^Unexpected non-whitespace character after JSON/, "after top-level value"],
];

interface FirstValue {
  readonly value: unknown;
  /** What follows the value. */
  readonly rest: string;
}

/**
 * Parses the first JSON value of `text`.
 * @throws ApiError 500 with the message of Go's json.Decoder
 */
export function parseGoJson(text: string): FirstValue {
  try {
    return { value: JSON.parse(text), rest: "" };
  } catch (error) {
    const { message } = error as Error;
    if (message.startsWith("Unexpected non-whitespace character after JSON")) {
      const end = findPosition(message);
      return { value: JSON.parse(text.slice(0, end)), rest: text.slice(end) };
    }
    throw systemError(describeJsonError(text, message) ?? "unexpected EOF");
  }
}

/** Go's message for an error of `JSON.parse`, or undefined if the text breaks off. */
export function describeJsonError(text: string, message: string): string | undefined {
  const token = /^Unexpected token '(.)'/su.exec(message)?.[1];
  if (token !== undefined) return formatInvalid(token, "looking for beginning of value");
  const character = text[findPosition(message) ?? text.length];
  if (character === undefined || message.startsWith("Unterminated string")) return undefined;
  const place = PLACES.find(([v8]) => v8.test(message))?.[1] ?? "looking for beginning of value";
  return formatInvalid(character, place);
}

function findPosition(message: string): number | undefined {
  const digits = /position (\d+)/.exec(message)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A quote or a control character stands escaped, as in Go. */
function formatInvalid(character: string, place: string): string {
  const quoted = character === "'" ? "\\'" : character === '"' ? '"' : JSON.stringify(character).slice(1, -1);
  return `invalid character '${quoted}' ${place}`;
}

/** Go's name for the kind of a JSON value, as its messages have it. */
export function nameGoKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}
