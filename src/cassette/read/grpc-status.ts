import type { StatusDetail } from "../../wire/buildkit/status-details.ts";
import { GRPC_STATUS_NAMES } from "../../wire/grpc/status.ts";
import {
  createShapeError,
  createUnknownWordError,
  readFields,
  readItems,
  type YamlFields,
  type YamlPlace,
} from "../../yaml/place.ts";
import { readText, readWord } from "../../yaml/values.ts";
import type { RecordedStatus } from "../build-model.ts";
import { BODY_KEYS, readBody } from "./body.ts";

/** The keys of a failure beside its code. */
export const STATUS_KEYS = ["reason", "details"] as const;

/** @param code the name of a status, or its number */
export function readStatus(code: YamlPlace, fields: YamlFields): RecordedStatus {
  const [reason, details] = STATUS_KEYS.map((key) => fields.get(key));
  return {
    code: readStatusCode(code),
    message: reason === undefined ? "" : readText(reason),
    details: details === undefined ? [] : readItems(details).map(readDetail),
  };
}

function readStatusCode(place: YamlPlace): number {
  const text = readWord(place, "a status of gRPC like `UNKNOWN`");
  const code = /^\d{1,9}$/.test(text) ? Number(text) : (GRPC_STATUS_NAMES as readonly string[]).indexOf(text);
  if (code !== -1) return code;
  throw createUnknownWordError(place, `status of gRPC \`${text}\``, text, GRPC_STATUS_NAMES);
}

function readDetail(place: YamlPlace): StatusDetail {
  const fields = readFields(place, ["type", ...BODY_KEYS.filter((key) => key !== "file")], "a detail");
  const type = fields.get("type");
  const value = readBody(fields, "escaped");
  if (type === undefined || !Buffer.isBuffer(value))
    throw createShapeError(place, "a detail must have a `type` and a value like `json`");
  return { typeUrl: readText(type), value };
}
