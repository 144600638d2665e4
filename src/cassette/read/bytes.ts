import { entriesOf, fieldsOf, isText, type Place, wrong } from "../../yaml/place.ts";
import { base64Of, textOf } from "../../yaml/values.ts";

/** A payload: text, or `{base64: "..."}` where the bytes are no text. */
export function bytesOf(place: Place): Buffer {
  if (isText(place)) return Buffer.from(textOf(place));
  const base64 = fieldsOf(place, ["base64"], `\`${place.what}\``).get("base64");
  if (base64 === undefined) throw wrong(place, "text or `{base64: ...}`");
  return base64Of(base64);
}

/** Whether `place` is a map with this key. */
export function hasKey(place: Place, key: string): boolean {
  return !isText(place) && entriesOf(place, "text or a map").has(key);
}
