import type { RecordedMessage, RecordedStatus } from "../../cassette/build-model.ts";
import { BUILDKIT_SCHEMA } from "../../wire/buildkit/buildkit-schema.ts";
import { readRpcStatus, withoutStacks } from "../../wire/buildkit/status-details.ts";
import type { GrpcStatus } from "../../wire/grpc/status.ts";
import { type JsonMessageValue, toJsonMessage } from "../../wire/protobuf/json-message.ts";
import { decodeLossless } from "../../wire/protobuf/lossless.ts";
import type { MessageShape, ValueType } from "../../wire/protobuf/schema.ts";

type JsonObject = { readonly [key: string]: JsonMessageValue };

/**
 * A message as JSON, if nothing is lost in it.
 * @param name the message's full name; undefined where it is not known
 * @param substitute puts placeholders for ids
 */
export function toRecordedMessage(
  bytes: Buffer,
  name: string | undefined,
  substitute: (text: string) => string,
): RecordedMessage {
  const message = name === undefined ? undefined : decodeLossless(BUILDKIT_SCHEMA, name, bytes);
  if (message === undefined) return bytes.length === 0 ? { json: {} } : { bytes };
  return { json: mapTexts(toJsonMessage(message), substitute) as JsonObject };
}

/** A request is compared and never sent: the order of its maps, which Go makes up, is that of their keys. */
export function sortMaps(json: JsonObject, name: string): JsonObject {
  const shape = BUILDKIT_SCHEMA.get(name);
  if (shape === undefined) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, sortField(value, key, shape)]));
}

function sortField(value: JsonMessageValue, key: string, shape: MessageShape): JsonMessageValue {
  const field = shape.byName.get(key);
  if (field === undefined) return value;
  if (field.label === "map") return sortEntries(value as JsonObject, field.type);
  if (Array.isArray(value)) return value.map((one: JsonMessageValue) => sortValue(one, field.type));
  return sortValue(value, field.type);
}

function sortEntries(map: JsonObject, type: ValueType): JsonObject {
  const keys = Object.keys(map).sort();
  return Object.fromEntries(keys.map((key) => [key, sortValue(map[key] as JsonMessageValue, type)]));
}

function sortValue(value: JsonMessageValue, type: ValueType): JsonMessageValue {
  return type.kind === "message" && typeof value === "object" && !Array.isArray(value)
    ? sortMaps(value as JsonObject, type.message)
    : value;
}

function mapTexts(value: JsonMessageValue, map: (text: string) => string): JsonMessageValue {
  if (typeof value === "string") return map(value);
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((one: JsonMessageValue) => mapTexts(one, map));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one as JsonMessageValue, map)]));
}

/** Without the daemon's stack traces. Details that cannot be read are left out. */
export function toRecordedStatus({ code, message, details }: GrpcStatus): RecordedStatus {
  return { code, message, details: details === undefined ? [] : readDetails(details) };
}

function readDetails(bytes: Buffer): RecordedStatus["details"] {
  try {
    return withoutStacks(readRpcStatus(bytes)).details;
  } catch {
    return [];
  }
}
