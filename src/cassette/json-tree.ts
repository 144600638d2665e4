/**
 * JSON with what `JSON.parse` loses: the order of keys (`{"2":1,"1":2}`) and the spelling of numbers (`1.0`,
 * `9223372036854771712`).
 */
import { encodeGoString } from "../wire/go-json.ts";
import { isJson } from "../yaml/is-json.ts";

export type JsonTree =
  /** A number, true, false or null, as written. */
  | { readonly kind: "atom"; readonly source: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly JsonTree[] }
  | { readonly kind: "map"; readonly entries: readonly JsonEntry[] };

export type JsonEntry = readonly [key: string, value: JsonTree];

/** Deeper JSON is written as text: YAML parsers have a depth limit (the `yaml` package about 785). */
const DEPTH_LIMIT = 100;
/** YAML allows 1024 characters for a key that stands on the line of its value. */
const KEY_LIMIT = 1000;

/**
 * Parses a JSON text. Undefined if it is not JSON, or if YAML cannot represent it: equal keys, too deep, keys too
 * long, half a surrogate pair.
 */
export function parseTidyJson(text: string): JsonTree | undefined {
  if (!isJson(text)) return undefined;
  try {
    return parseValue({ text, at: 0 }, 0);
  } catch (error) {
    if (error === UNTIDY) return undefined;
    throw error;
  }
}

/**
 * Go writes JSON in two dialects: json.Marshal escapes `<`, `>` and `&`, as the clients' requests and progress
 * streams have it; moby's responses do not (api/server/httputils, SetEscapeHTML(false)).
 */
export type JsonEscaping = "escaped" | "plain";

/** The compact JSON of Go's encoding/json. */
export function encodeJson(json: JsonTree, escaping: JsonEscaping): string {
  if (json.kind === "atom") return json.source;
  if (json.kind === "text") return encodeGoString(json.text, escaping === "escaped");
  if (json.kind === "list") return `[${json.items.map((item) => encodeJson(item, escaping)).join(",")}]`;
  const pair = ([key, value]: JsonEntry): string =>
    `${encodeGoString(key, escaping === "escaped")}:${encodeJson(value, escaping)}`;
  return `{${json.entries.map(pair).join(",")}}`;
}

/** Thrown by `parseValue` to leave its recursion; it never leaves this file. */
const UNTIDY = new Error("JSON that YAML cannot hold");

interface Cursor {
  readonly text: string;
  at: number;
}

const ATOM = /[^,\]}\s]+/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;

/** The text is valid JSON, so only its structure is parsed. */
function parseValue(cursor: Cursor, depth: number): JsonTree {
  if (depth >= DEPTH_LIMIT) throw UNTIDY;
  const first = skipBlanks(cursor);
  if (first === "{") return parseMap(cursor, depth);
  if (first === "[") return parseList(cursor, depth);
  if (first === '"') return { kind: "text", text: decodeString(take(cursor, STRING)) };
  return { kind: "atom", source: take(cursor, ATOM) };
}

function parseList(cursor: Cursor, depth: number): JsonTree {
  const items: JsonTree[] = [];
  cursor.at += 1;
  while (skipBlanks(cursor) !== "]") {
    items.push(parseValue(cursor, depth + 1));
    if (skipBlanks(cursor) === ",") cursor.at += 1;
  }
  cursor.at += 1;
  return { kind: "list", items };
}

function parseMap(cursor: Cursor, depth: number): JsonTree {
  const entries = new Map<string, JsonTree>();
  cursor.at += 1;
  while (skipBlanks(cursor) !== "}") {
    const source = take(cursor, STRING);
    const key = decodeString(source);
    if (source.length > KEY_LIMIT || entries.has(key)) throw UNTIDY;
    skipBlanks(cursor);
    cursor.at += 1; // the colon
    entries.set(key, parseValue(cursor, depth + 1));
    if (skipBlanks(cursor) === ",") cursor.at += 1;
  }
  cursor.at += 1;
  return { kind: "map", entries: [...entries] };
}

function skipBlanks(cursor: Cursor): string | undefined {
  while (" \t\r\n".includes(cursor.text[cursor.at] ?? "x")) cursor.at += 1;
  return cursor.text[cursor.at];
}

function take(cursor: Cursor, token: RegExp): string {
  token.lastIndex = cursor.at;
  const found = token.exec(cursor.text)?.[0] ?? "";
  cursor.at += found.length;
  return found;
}

function decodeString(source: string): string {
  if (!source.includes("\\")) return source.slice(1, -1);
  const text = JSON.parse(source) as string;
  if (/\p{Cs}/u.test(text)) throw UNTIDY;
  return text;
}
