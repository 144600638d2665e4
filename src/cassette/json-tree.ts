/**
 * JSON with what `JSON.parse` loses: the order of keys (`{"2":1,"1":2}`) and the spelling of numbers (`1.0`,
 * `9223372036854771712`).
 */
import { encodeGoString } from "../wire/go-json.ts";
import { type JsonBuilder, readJson } from "../yaml/json-reader.ts";

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
  try {
    return readJson(text, TREE_BUILDER);
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

/** Leaves the reader; it never leaves this file. */
const UNTIDY = new Error("JSON that YAML cannot hold");

const TREE_BUILDER: JsonBuilder<JsonTree> = {
  depthLimit: DEPTH_LIMIT - 1,
  createAtom: (source) => ({ kind: "atom", source }),
  createText: (text, { start, end }) => ({ kind: "text", text: assertWhole(text, end - start) }),
  createList: (items) => ({ kind: "list", items }),
  createMap: (members) => ({ kind: "map", entries: [...members] }),
  checkKey: (key, source, members) => {
    if (source.length > KEY_LIMIT || members.has(assertWhole(key, source.length))) throw UNTIDY;
  },
  createError: () => UNTIDY,
};

/**
 * @param length of its source, with quotes: only an escape can hold half a surrogate pair
 * @throws UNTIDY if one does
 */
function assertWhole(text: string, length: number): string {
  if (length !== text.length + 2 && /\p{Cs}/u.test(text)) throw UNTIDY;
  return text;
}
