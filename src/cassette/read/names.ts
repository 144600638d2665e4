import type { CassetteError } from "../../base/errors.ts";
import { errorAt, type Source } from "../../yaml/error-at.ts";
import { nearestWord } from "../../yaml/nearest-word.ts";
import type { Place } from "../../yaml/place.ts";
import { wordOf, wordPlaces } from "../../yaml/values.ts";

/** The names that `place` refers to, each of which must be the name of an exchange of the cassette. */
export function referencesOf(place: Place): readonly string[] {
  return wordPlaces(place).map((item) => referenceOf({ ...item, what: place.what }));
}

/** The name of another exchange. */
export function referenceOf(place: Place): string {
  const name = wordOf(place, "the name of an exchange");
  const { names } = place.source;
  if (names === undefined || names.has(name)) return name;
  throw unknownName(place.source, place.offset, place.what, name, names);
}

export function unknownName(
  source: Source,
  offset: number,
  key: string,
  name: string,
  names: ReadonlySet<string>,
): CassetteError {
  const nearest = nearestWord(name, [...names]);
  const hint = nearest === undefined ? "" : ` (did you mean \`${nearest}\`?)`;
  const message = `\`${key}\` names \`${name}\`, but no exchange has that \`name\`${hint}`;
  return errorAt(source, offset, "WHALESONG_CASSETTE_NAME", message);
}
