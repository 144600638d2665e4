/**
 * YAML values with their position and name, so that each error can name its place. All scalars are text (YAML's
 * "failsafe" schema): the reader of a value decides what `1.0`, `no` or `0x10` means, never a version of YAML.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode, type Scalar } from "yaml";
import type { CassetteError } from "../base/errors.ts";
import { parseBounded, YamlBoundError } from "./bounded-parser.ts";
import { createErrorAt, type SourceText } from "./error-at.ts";
import { isMaskRight, maskJson } from "./mask-json.ts";
import { findNearestWord } from "./nearest-word.ts";
import { createSyntaxError } from "./syntax-error.ts";
import { escapeInvisible } from "./visible.ts";

export interface YamlPlace {
  readonly source: SourceText;
  /** The name of the value in errors: its key. */
  readonly what: string;
  /** Undefined for a key without a value. */
  readonly node: ParsedNode | undefined;
  readonly offset: number;
}

export type YamlFields = ReadonlyMap<string, YamlPlace>;

const OPTIONS = { schema: "failsafe", version: "1.2", logLevel: "error" } as const;
/** Above this many keys YAML's own check for equal keys, which compares each with each, takes seconds. */
const SHORT_TEXT = 100_000;

/** What the documents of a cassette are called. */
const CASSETTE_DOCUMENT = "document";
/** The first line of a cassette, behind comments. */
const CASSETTE_START = /^(?:\s*#.*\n|\s*\n)*whalesong:/;

/** Parses the one YAML document in `source`; `what` it should be: `faults`, or `document` for one of a cassette. */
export function parseYamlDocument(source: SourceText, what: string): YamlPlace {
  if (what !== CASSETTE_DOCUMENT && CASSETTE_START.test(source.text))
    throw createErrorAt(source, 0, "WHALESONG_CASSETTE_SYNTAX", `this is a cassette, where ${what} should be`);
  const masked = maskJson(source.text);
  const fast = parseFailsafe(source, masked.text);
  const isFast = fast.errors.length === 0 && isMaskRight(masked, fast.contents);
  const document = isFast ? fast : parseFailsafe(source, source.text);
  const [error] = document.errors;
  if (error !== undefined) throw createSyntaxError(source, error, document);
  return toPlace(source, what, document.contents, 0);
}

function parseFailsafe(source: SourceText, text: string): Document.Parsed {
  try {
    return parseBounded(text, { ...OPTIONS, uniqueKeys: text.length < SHORT_TEXT });
  } catch (error) {
    if (!(error instanceof YamlBoundError)) throw error;
    throw createErrorAt(source, error.offset, "WHALESONG_CASSETTE_SYNTAX", error.message);
  }
}

function toPlace(source: SourceText, what: string, node: unknown, offset: number): YamlPlace {
  if (node === null || node === undefined) return { source, what, node: undefined, offset };
  const parsed = node as ParsedNode;
  const place = { source, what, node: parsed, offset: parsed.range[0] };
  if (hasYamlExtras(parsed))
    throw createShapeError(place, "tags, anchors and aliases are not read; write the value itself");
  return place;
}

/** Tags, anchors and aliases are refused: a text must mean the same to every reader. */
function hasYamlExtras(node: ParsedNode): boolean {
  return isAlias(node) || node.tag !== undefined || node.anchor !== undefined;
}

export function createShapeError({ source, offset }: YamlPlace, message: string): CassetteError {
  return createErrorAt(source, offset, "WHALESONG_CASSETTE_SHAPE", message);
}

/** The error that a value is not what is expected. */
export function createValueError(place: YamlPlace, expected: string): CassetteError {
  return createShapeError(place, `\`${place.what}\` must be ${expected}, got ${describeValue(place)}`);
}

function describeValue({ node }: YamlPlace): string {
  if (isMap(node)) return "a map";
  if (isSeq(node)) return "a list";
  const text = isScalar(node) ? escapeInvisible(String(node.value)) : "";
  if (text === "") return "nothing";
  return `\`${text.length > 60 ? `${text.slice(0, 60)}...` : text}\``;
}

export function isText({ node }: YamlPlace): boolean {
  return isScalar(node);
}

export function isList({ node }: YamlPlace): boolean {
  return isSeq(node);
}

export function isFieldMap({ node }: YamlPlace): boolean {
  return isMap(node);
}

/** Whether a key has no value. */
export function isEmpty({ node }: YamlPlace): boolean {
  return node === undefined || (isScalar(node) && node.value === "" && (node as Scalar).type === "PLAIN");
}

/** The items of a list. */
export function readItems(place: YamlPlace, expected = "a list"): readonly YamlPlace[] {
  if (!isSeq(place.node)) throw createValueError(place, expected);
  return place.node.items.map((item) => toPlace(place.source, place.what, item, place.offset));
}

/** The values of a map by key, in their order. */
export function readEntries(place: YamlPlace, expected = "a map"): YamlFields {
  if (!isMap(place.node)) throw createValueError(place, expected);
  const fields = new Map<string, YamlPlace>();
  for (const pair of place.node.items as Pair<ParsedNode, ParsedNode | null>[]) {
    const key = toPlace(place.source, "key", pair.key, place.offset);
    const name = readKey(key);
    if (fields.has(name))
      throw createErrorAt(key.source, key.offset, "WHALESONG_CASSETTE_SYNTAX", "map keys must be unique");
    fields.set(name, toPlace(place.source, name, pair.value, key.offset));
  }
  return fields;
}

function readKey(key: YamlPlace): string {
  if (!isScalar(key.node)) throw createValueError(key, "a word");
  if (key.node.value === "<<" && key.node.type === "PLAIN")
    throw createShapeError(key, "a cassette has no merge keys (`<<`)");
  return String(key.node.value);
}

/** The values of a map with a closed set of keys. `owner` names the map in errors: `an exchange`. */
export function readFields(place: YamlPlace, keys: readonly string[], owner: string): YamlFields {
  const fields = readEntries(place, `${owner} (a map)`);
  for (const [key, value] of fields) {
    if (!keys.includes(key))
      throw createUnknownWordError(
        findKey(place, key) ?? value,
        `key \`${escapeInvisible(key)}\` in ${owner}`,
        key,
        keys,
      );
  }
  return fields;
}

/** Where a key itself stands. */
export function findKey(map: YamlPlace, key: string): YamlPlace | undefined {
  if (!isMap(map.node)) return undefined;
  const pair = map.node.items.find((item) => isScalar(item.key) && item.key.value === key);
  return pair === undefined ? undefined : toPlace(map.source, key, pair.key, map.offset);
}

export function createUnknownWordError(
  place: YamlPlace,
  what: string,
  word: string,
  words: readonly string[],
): CassetteError {
  const nearest = findNearestWord(word, words);
  const hint = nearest === undefined ? "" : ` (did you mean \`${nearest}\`?)`;
  const known = words.map((item) => `\`${item}\``).join(", ");
  return createShapeError(place, `unknown ${what}${hint}; expected one of ${known}`);
}

/** `{name: read(place)}` if there is a place with a value, otherwise `{}`. */
export function readOptional<K extends string, T>(
  name: K,
  place: YamlPlace | undefined,
  read: (place: YamlPlace) => T | undefined,
): { readonly [P in K]?: T } {
  const value = place === undefined ? undefined : read(place);
  return (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: T };
}
