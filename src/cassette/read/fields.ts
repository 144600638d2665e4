import type { HeaderField } from "../../wire/head.ts";
import { createValueError, isFieldMap, isList, readEntries, readItems, type YamlPlace } from "../../yaml/place.ts";
import { readText, readWord } from "../../yaml/values.ts";

const EXPECTED = "a map of header names and values, a list of [Name, value] or a list of `Name: value`";

/** Reads header fields in any of their spellings; cassette/write/fields.ts says when each is used. */
export function readHeaderFields(place: YamlPlace): readonly HeaderField[] {
  if (isFieldMap(place)) return readFieldMap(place);
  return readItems(place, EXPECTED).flatMap((item) => readFieldItem({ ...item, what: place.what }));
}

function readFieldMap(place: YamlPlace): readonly HeaderField[] {
  return [...readEntries(place)].map(([name, value]) => [name, readText(value)] as const);
}

function readFieldItem(item: YamlPlace): readonly HeaderField[] {
  if (isFieldMap(item)) return readFieldMap(item);
  return [isList(item) ? readFieldPair(item) : readFieldLine(item)];
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
