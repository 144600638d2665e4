import { createValueError, isFieldMap, readFields, type YamlFields, type YamlPlace } from "../../yaml/place.ts";
import { readBase64 } from "../../yaml/values.ts";
import type { RecordedMessage } from "../build-model.ts";
import { readJsonText } from "./json.ts";
import { hasKey } from "./payload.ts";
import { readSidecar } from "./sidecar.ts";

/** The keys that spell a protobuf message. */
export const MESSAGE_KEYS = ["message", "base64", "file"] as const;

type MessageJson = Extract<RecordedMessage, { json: unknown }>["json"];

/** The message among the keys of a map; undefined where there is none. */
export function readMessageKey(fields: YamlFields): RecordedMessage | undefined {
  const [message, base64, file] = MESSAGE_KEYS.map((key) => fields.get(key));
  if (message !== undefined) return { json: readMessageJson(message) };
  if (base64 !== undefined) return { bytes: readBase64(base64) };
  return file === undefined ? undefined : { file: readSidecar(file) };
}

/** An item of a list of messages. A message with a field named `base64` or `file` does not exist. */
export function readMessageItem(place: YamlPlace): RecordedMessage {
  if (isFieldMap(place) && hasKey(place, "base64"))
    return readOneKey(place, "base64", (value) => ({ bytes: readBase64(value) }));
  if (isFieldMap(place) && hasKey(place, "file"))
    return readOneKey(place, "file", (value) => ({ file: readSidecar(value) }));
  return { json: readMessageJson(place) };
}

function readOneKey(place: YamlPlace, key: string, read: (value: YamlPlace) => RecordedMessage): RecordedMessage {
  return read(readFields(place, [key], "a message").get(key) as YamlPlace);
}

export function readMessageJson(place: YamlPlace): MessageJson {
  const json: unknown = JSON.parse(readJsonText(place, "plain"));
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as MessageJson;
  throw createValueError(place, "a map: the fields of a protobuf message");
}
