/**
 * Reading YAML with manners: every value knows where it stands and what it is called, so that each complaint
 * can name its place. Scalars are always text here (YAML's "failsafe" schema): what `1.0`, `no` or `0x10` means
 * is decided by the one who reads the value, never by a version of YAML.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  parseDocument,
  type Scalar,
} from "yaml";
import type { CassetteError } from "../base/errors.ts";
import { errorAt, type Source } from "./error-at.ts";
import { isMaskRight, maskJson } from "./mask-json.ts";
import { nearestWord } from "./nearest-word.ts";
import { syntaxError } from "./syntax-error.ts";
import { visible } from "./visible.ts";

export interface Place {
  readonly source: Source;
  /** What complaints call it: the key it stands under. */
  readonly what: string;
  /** Undefined for a key with nothing behind it. */
  readonly node: ParsedNode | undefined;
  readonly offset: number;
}

export type Fields = ReadonlyMap<string, Place>;

const OPTIONS = { schema: "failsafe", version: "1.2", prettyErrors: false, logLevel: "error" } as const;
/** Above this many keys YAML's own check for equal keys, which compares each with each, takes seconds. */
const SHORT_TEXT = 100_000;

/** The one YAML document in `source`. */
export function documentOf(source: Source, what: string): Place {
  const masked = maskJson(source.text);
  const fast = parse(masked.text);
  const isFast = fast.errors.length === 0 && isMaskRight(masked, fast.contents);
  const document = isFast ? fast : parse(source.text);
  const [error] = document.errors;
  if (error !== undefined) throw syntaxError(source, error, document);
  return placeOf(source, what, document.contents, 0);
}

function parse(text: string): Document.Parsed {
  return parseDocument(text, { ...OPTIONS, uniqueKeys: text.length < SHORT_TEXT });
}

function placeOf(source: Source, what: string, node: unknown, offset: number): Place {
  if (node === null || node === undefined) return { source, what, node: undefined, offset };
  const parsed = node as ParsedNode;
  const place = { source, what, node: parsed, offset: parsed.range[0] };
  if (isFancy(parsed)) throw shapeError(place, "tags, anchors and aliases are not read; write the value itself");
  return place;
}

/** Tags, anchors and aliases: the same text must mean the same to every reader. */
function isFancy(node: ParsedNode): boolean {
  return isAlias(node) || node.tag !== undefined || node.anchor !== undefined;
}

export function shapeError({ source, offset }: Place, message: string): CassetteError {
  return errorAt(source, offset, "WHALESONG_CASSETTE_SHAPE", message);
}

/** The complaint that a value is not what it should be. */
export function wrong(place: Place, expected: string): CassetteError {
  return shapeError(place, `\`${place.what}\` must be ${expected}, got ${found(place)}`);
}

function found({ node }: Place): string {
  if (isMap(node)) return "a map";
  if (isSeq(node)) return "a list";
  const text = isScalar(node) ? visible(String(node.value)) : "";
  if (text === "") return "nothing";
  return `\`${text.length > 60 ? `${text.slice(0, 60)}...` : text}\``;
}

export function isText({ node }: Place): boolean {
  return isScalar(node);
}

export function isList({ node }: Place): boolean {
  return isSeq(node);
}

export function isFieldMap({ node }: Place): boolean {
  return isMap(node);
}

/** A key with nothing behind it. */
export function isEmpty({ node }: Place): boolean {
  return node === undefined || (isScalar(node) && node.value === "" && (node as Scalar).type === "PLAIN");
}

/** The items of a list. */
export function itemsOf(place: Place, expected = "a list"): readonly Place[] {
  if (!isSeq(place.node)) throw wrong(place, expected);
  return place.node.items.map((item) => placeOf(place.source, place.what, item, place.offset));
}

/** The values of a map by key, in their order. */
export function entriesOf(place: Place, expected = "a map"): Fields {
  if (!isMap(place.node)) throw wrong(place, expected);
  const fields = new Map<string, Place>();
  for (const pair of place.node.items as Pair<ParsedNode, ParsedNode | null>[]) {
    const key = placeOf(place.source, "key", pair.key, place.offset);
    const name = keyText(key);
    if (fields.has(name)) throw errorAt(key.source, key.offset, "WHALESONG_CASSETTE_SYNTAX", "map keys must be unique");
    fields.set(name, placeOf(place.source, name, pair.value, key.offset));
  }
  return fields;
}

function keyText(key: Place): string {
  if (!isScalar(key.node)) throw wrong(key, "a word");
  if (key.node.value === "<<" && key.node.type === "PLAIN")
    throw shapeError(key, "a cassette has no merge keys (`<<`)");
  return String(key.node.value);
}

/** The values of a map whose keys are a closed set; `owner` is what the map is called: `an exchange`. */
export function fieldsOf(place: Place, keys: readonly string[], owner: string): Fields {
  const fields = entriesOf(place, `${owner} (a map)`);
  for (const [key, value] of fields) {
    if (!keys.includes(key)) throw unknownWord(keyPlace(place, key) ?? value, `key \`${key}\` in ${owner}`, key, keys);
  }
  return fields;
}

/** Where a key itself stands. */
export function keyPlace(map: Place, key: string): Place | undefined {
  if (!isMap(map.node)) return undefined;
  const pair = map.node.items.find((item) => isScalar(item.key) && item.key.value === key);
  return pair === undefined ? undefined : placeOf(map.source, key, pair.key, map.offset);
}

export function unknownWord(place: Place, what: string, word: string, words: readonly string[]): CassetteError {
  const nearest = nearestWord(word, words);
  const hint = nearest === undefined ? "" : ` (did you mean \`${nearest}\`?)`;
  const known = words.map((item) => `\`${item}\``).join(", ");
  return shapeError(place, `unknown ${what}${hint}; expected one of ${known}`);
}

/** `{name: read(place)}` where there is a place and it says something, else `{}`. */
export function present<K extends string, T>(
  name: K,
  place: Place | undefined,
  read: (place: Place) => T | undefined,
): { readonly [P in K]?: T } {
  const value = place === undefined ? undefined : read(place);
  return (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: T };
}
