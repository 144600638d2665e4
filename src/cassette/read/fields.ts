import { type HeaderField, isFieldText, isToken } from "../../wire/http/fields.ts";
import { createValueError, isFieldMap, isList, readEntries, readItems, type YamlPlace } from "../../yaml/place.ts";
import { readText, readWord } from "../../yaml/values.ts";

const EXPECTED = "a map of header names and values, a list of [Name, value] or a list of `Name: value`";

/** A pair, and where it stands. */
interface PlacedPair {
  readonly pair: HeaderField;
  readonly place: YamlPlace;
}

/**
 * Reads header fields in any of their spellings; cassette/write/fields.ts says when each is used. What no peer can send
 * is refused: a replay could not send it either.
 */
export function readHeaderFields(place: YamlPlace): readonly HeaderField[] {
  return readPlacedPairs(place).map(({ pair, place: own }) => requireSendable(pair, own));
}

/** Reads names and their texts in the spellings of header fields. */
export function readPairs(place: YamlPlace): readonly HeaderField[] {
  return readPlacedPairs(place).map(({ pair }) => pair);
}

/** @throws CassetteError for a field that cannot be on one line of latin1 */
export function requireSendable(field: HeaderField, place: YamlPlace): HeaderField {
  const [name, value] = field;
  if (!isToken(name)) throw createValueError(place, `a header's name without blanks, not ${JSON.stringify(name)}`);
  if (!isFieldText(value)) throw createValueError(place, "latin1 text on one line, as all that is sent in headers");
  return field;
}

/** The pairs of `readPairs`, each with its place. */
export function readPlacedPairs(place: YamlPlace): readonly PlacedPair[] {
  if (isFieldMap(place)) return readFieldMap(place);
  return readItems(place, EXPECTED).flatMap((item) => readFieldItem({ ...item, what: place.what }));
}

function readFieldMap(place: YamlPlace): readonly PlacedPair[] {
  return [...readEntries(place)].map(([name, value]) => ({ pair: [name, readText(value)], place: value }));
}

function readFieldItem(item: YamlPlace): readonly PlacedPair[] {
  if (isFieldMap(item)) return readFieldMap(item);
  return [{ pair: isList(item) ? readFieldPair(item) : readFieldLine(item), place: item }];
}

function readFieldPair(item: YamlPlace): HeaderField {
  const [name, value, more] = readItems(item);
  if (name === undefined || value === undefined || more !== undefined) throw createValueError(item, EXPECTED);
  return [readWord(name, "a header name"), readText(value)];
}

function readFieldLine(item: YamlPlace): HeaderField {
  const line = readText(item, EXPECTED);
  const colon = line.indexOf(":");
  if (colon < 1) throw createValueError(item, EXPECTED);
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
}
