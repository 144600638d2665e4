import type { CassetteError } from "../../base/errors.ts";
import { findNearestWord } from "../../base/nearest-word.ts";
import { createErrorAt, type SourceText } from "../../yaml/error-at.ts";
import type { YamlPlace } from "../../yaml/place.ts";
import { listPlaces, readWord } from "../../yaml/values.ts";

/** The names that `place` refers to, each of which must be the name of an exchange of the cassette. */
export function readReferences(place: YamlPlace): readonly string[] {
  return listPlaces(place).map((item) => readReference({ ...item, what: place.what }));
}

/** Names of marks of other streams. */
export function readMarkNames(place: YamlPlace): readonly string[] {
  return listPlaces(place).map((item) => readWord({ ...item, what: place.what }, "the name of a mark"));
}

/** The name of another exchange. */
export function readReference(place: YamlPlace): string {
  const name = readWord(place, "the name of an exchange");
  const { names } = place.source;
  if (names === undefined || names.has(name)) return name;
  throw createUnknownNameError(place.source, place.offset, place.what, name, names);
}

export function createUnknownNameError(
  source: SourceText,
  offset: number,
  key: string,
  name: string,
  names: ReadonlySet<string>,
): CassetteError {
  const nearest = findNearestWord(name, [...names]);
  const hint = nearest === undefined ? "" : ` (did you mean \`${nearest}\`?)`;
  const message = `\`${key}\` names \`${name}\`, but no exchange has that \`name\`${hint}`;
  return createErrorAt(source, offset, "WHALESONG_CASSETTE_NAME", message);
}
