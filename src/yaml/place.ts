/**
 * YAML values with their position and name, so that each error can name its place. All scalars are text (YAML's
 * "failsafe" schema): the reader of a value decides what `1.0`, `no` or `0x10` means, never a version of YAML.
 */
import type { CassetteError } from "../base/errors.ts";
import { findNearestWord } from "../base/nearest-word.ts";
import { readCanonical } from "./canonical/read-canonical.ts";
import { createErrorAt, type SourceText } from "./error-at.ts";
import { readWithLibrary } from "./library-nodes.ts";
import type { YamlNode } from "./node.ts";
import { escapeInvisible } from "./visible.ts";

export interface YamlPlace {
  readonly source: SourceText;
  /** The name of the value in errors: its key. */
  readonly what: string;
  /** Undefined for a key without a value. */
  readonly node: YamlNode | undefined;
  readonly offset: number;
}

export type YamlFields = ReadonlyMap<string, YamlPlace>;

/** What the documents of a cassette are called. */
const CASSETTE_DOCUMENT = "document";
/**
 * The first line of a cassette, behind comments and a `---`. Each line before it can be read in one way only: otherwise
 * forty blank lines take days.
 */
const CASSETTE_START = /^\uFEFF?(?:[ \t\r]*(?:#[^\n]*)?\n|---[ \t\r]*\n)*whalesong:/;

/** Whether `text` begins as a cassette does. */
export function startsCassette(text: string): boolean {
  return CASSETTE_START.test(text);
}

/** Parses the one YAML document in `source`; `what` it should be: `faults`, or `document` for one of a cassette. */
export function parseYamlDocument(source: SourceText, what: string): YamlPlace {
  if (what !== CASSETTE_DOCUMENT && startsCassette(source.text))
    throw createErrorAt(source, 0, "WHALESONG_CASSETTE_SYNTAX", `this is a cassette, where ${what} should be`);
  return toPlace(source, what, readCanonical(source.text) ?? readWithLibrary(source), 0);
}

function toPlace(source: SourceText, what: string, node: YamlNode | undefined, offset: number): YamlPlace {
  if (node === undefined) return { source, what, node, offset };
  const place = { source, what, node, offset: node.start };
  if (node.kind === "extra")
    throw createShapeError(place, "tags, anchors and aliases are not read; write the value itself");
  return place;
}

export function createShapeError({ source, offset }: YamlPlace, message: string): CassetteError {
  return createErrorAt(source, offset, "WHALESONG_CASSETTE_SHAPE", message);
}

/** The error that a value is not what is expected. */
export function createValueError(place: YamlPlace, expected: string): CassetteError {
  return createShapeError(place, `\`${place.what}\` must be ${expected}, got ${describeValue(place)}`);
}

function describeValue({ node }: YamlPlace): string {
  if (node?.kind === "map") return "a map";
  if (node?.kind === "list") return "a list";
  const text = node?.kind === "scalar" ? escapeInvisible(node.value) : "";
  if (text === "") return "nothing";
  return `\`${text.length > 60 ? `${text.slice(0, 60)}...` : text}\``;
}

export function isText({ node }: YamlPlace): boolean {
  return node?.kind === "scalar";
}

export function isList({ node }: YamlPlace): boolean {
  return node?.kind === "list";
}

export function isFieldMap({ node }: YamlPlace): boolean {
  return node?.kind === "map";
}

/** Whether a key has no value. */
export function isEmpty({ node }: YamlPlace): boolean {
  return node === undefined || (node.kind === "scalar" && node.value === "" && node.style === "plain");
}

/** The items of a list. */
export function readItems(place: YamlPlace, expected = "a list"): readonly YamlPlace[] {
  if (place.node?.kind !== "list") throw createValueError(place, expected);
  return place.node.items.map((item) => toPlace(place.source, place.what, item, place.offset));
}

/** The values of a map by key, in their order. */
export function readEntries(place: YamlPlace, expected = "a map"): YamlFields {
  if (place.node?.kind !== "map") throw createValueError(place, expected);
  const fields = new Map<string, YamlPlace>();
  for (const pair of place.node.pairs) {
    const key = toPlace(place.source, "key", pair.key, place.offset);
    const name = readKey(key);
    if (fields.has(name))
      throw createErrorAt(key.source, key.offset, "WHALESONG_CASSETTE_SYNTAX", "map keys must be unique");
    fields.set(name, toPlace(place.source, name, pair.value, key.offset));
  }
  return fields;
}

function readKey(key: YamlPlace): string {
  if (key.node?.kind !== "scalar") throw createValueError(key, "a word");
  if (key.node.value === "<<" && key.node.style === "plain")
    throw createShapeError(key, "a cassette has no merge keys (`<<`)");
  return key.node.value;
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
  if (map.node?.kind !== "map") return undefined;
  const pair = map.node.pairs.find((item) => item.key?.kind === "scalar" && item.key.value === key);
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
