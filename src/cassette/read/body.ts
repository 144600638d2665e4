import { createShapeError, type YamlFields, type YamlPlace } from "../../yaml/place.ts";
import { readBase64, readText } from "../../yaml/values.ts";
import type { JsonEscaping } from "../json-tree.ts";
import type { RecordedBody } from "../model.ts";
import { readJsonText } from "./json.ts";
import { readSidecar } from "./sidecar.ts";

/** How each spelling of a body is read. */
const READERS: Readonly<Record<string, (place: YamlPlace, dialect: JsonEscaping) => RecordedBody>> = {
  json: (place, dialect) => Buffer.from(`${readJsonText(place, dialect)}\n`),
  "json-bare": (place, dialect) => Buffer.from(readJsonText(place, dialect)),
  text: (place) => Buffer.from(readText(place)),
  base64: readBase64,
  file: readSidecar,
};

export const BODY_KEYS: readonly string[] = Object.keys(READERS);

/** The body among the keys of a request or a response, if there is one. */
export function readBody(fields: YamlFields, escaping: JsonEscaping): RecordedBody | undefined {
  const [key, second] = BODY_KEYS.filter((name) => fields.has(name));
  if (key === undefined) return undefined;
  const place = fields.get(key) as YamlPlace;
  if (second === undefined)
    return (READERS[key] as (place: YamlPlace, dialect: JsonEscaping) => RecordedBody)(place, escaping);
  throw createShapeError(
    fields.get(second) as YamlPlace,
    `a body is spelled one way, got \`${key}\` and \`${second}\``,
  );
}
