import { createShapeError, isText, readFields, readItems, type YamlFields, type YamlPlace } from "../../yaml/place.ts";
import type { BuildkitCall } from "../build-model.ts";
import { readStatus, STATUS_KEYS } from "./grpc-status.ts";
import { MESSAGE_KEYS, readMessageItem, readMessageKey } from "./message.ts";

const NO_FIELDS: YamlFields = new Map();

/** A call of BuildKit's API: `request` with a message, `response` with a status of gRPC and messages. */
export function readBuildkitCall(request: YamlPlace, response: YamlPlace): BuildkitCall {
  const requestFields = isText(request)
    ? NO_FIELDS
    : readFields(request, ["line", ...MESSAGE_KEYS], "a request to BuildKit");
  const message = readMessageKey(requestFields) ?? { json: {} };
  if (isText(response)) return { request: message, answers: [], status: readStatus(response, NO_FIELDS) };
  const fields = readFields(response, ["status", ...STATUS_KEYS, "messages"], "a response of BuildKit");
  const [status, messages] = [fields.get("status"), fields.get("messages")];
  if (status === undefined) throw createShapeError(response, "a response of BuildKit must have a `status` like `OK`");
  return {
    request: message,
    answers: messages === undefined ? [] : readItems(messages).map(readMessageItem),
    status: readStatus(status, fields),
  };
}
