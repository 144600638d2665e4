import { createValueError, isText, readEntries, readFields, type YamlPlace } from "../../yaml/place.ts";
import { readBase64, readText } from "../../yaml/values.ts";

/** A payload: text, or `{base64: "..."}` where the bytes are no text. */
export function readPayload(place: YamlPlace): Buffer {
  if (isText(place)) return Buffer.from(readText(place));
  const base64 = readFields(place, ["base64"], `\`${place.what}\``).get("base64");
  if (base64 === undefined) throw createValueError(place, "text or `{base64: ...}`");
  return readBase64(base64);
}

/** Whether `place` is a map with this key. */
export function hasKey(place: YamlPlace, key: string): boolean {
  return !isText(place) && readEntries(place, "text or a map").has(key);
}
