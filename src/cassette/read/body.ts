import { type Fields, type Place, shapeError } from "../../yaml/place.ts";
import { base64Of, textOf } from "../../yaml/values.ts";
import type { Dialect } from "../json-tree.ts";
import type { Body } from "../model.ts";
import { jsonTextOf } from "./json.ts";
import { sidecarOf } from "./sidecar.ts";

/** How each spelling of a body is read. */
const READERS: Readonly<Record<string, (place: Place, dialect: Dialect) => Body>> = {
  json: (place, dialect) => Buffer.from(`${jsonTextOf(place, dialect)}\n`),
  "json-bare": (place, dialect) => Buffer.from(jsonTextOf(place, dialect)),
  text: (place) => Buffer.from(textOf(place)),
  base64: base64Of,
  file: sidecarOf,
};

export const BODY_KEYS: readonly string[] = Object.keys(READERS);

/** The body among the keys of a request or a response, if there is one. */
export function bodyOf(fields: Fields, dialect: Dialect): Body | undefined {
  const [key, second] = BODY_KEYS.filter((name) => fields.has(name));
  if (key === undefined) return undefined;
  const place = fields.get(key) as Place;
  if (second === undefined) return (READERS[key] as (place: Place, dialect: Dialect) => Body)(place, dialect);
  throw shapeError(fields.get(second) as Place, `a body is spelled one way, got \`${key}\` and \`${second}\``);
}
