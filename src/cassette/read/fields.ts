import type { HeaderField } from "../../wire/head.ts";
import { entriesOf, isFieldMap, isList, itemsOf, type Place, wrong } from "../../yaml/place.ts";
import { textOf, wordOf } from "../../yaml/values.ts";

const EXPECTED = "a map of header names and values, a list of [Name, value] or a list of `Name: value`";

/** Header fields in any of their spellings; the writer has reasons for each (see write-fields.ts). */
export function headerFieldsOf(place: Place): readonly HeaderField[] {
  if (isFieldMap(place)) return mapFields(place);
  return itemsOf(place, EXPECTED).flatMap((item) => itemFields({ ...item, what: place.what }));
}

function mapFields(place: Place): readonly HeaderField[] {
  return [...entriesOf(place)].map(([name, value]) => [name, textOf(value)] as const);
}

function itemFields(item: Place): readonly HeaderField[] {
  if (isFieldMap(item)) return mapFields(item);
  return [isList(item) ? pairField(item) : lineField(item)];
}

function pairField(item: Place): HeaderField {
  const [name, value, more] = itemsOf(item);
  if (name === undefined || value === undefined || more !== undefined) throw wrong(item, EXPECTED);
  return [wordOf(name, "a header name"), textOf(value)];
}

function lineField(item: Place): HeaderField {
  const line = textOf(item, EXPECTED);
  const colon = line.indexOf(":");
  if (colon < 1) throw wrong(item, EXPECTED);
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
}
