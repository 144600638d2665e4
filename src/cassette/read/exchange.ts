import type { Source } from "../../yaml/error-at.ts";
import {
  documentOf,
  type Fields,
  fieldsOf,
  isEmpty,
  isText,
  itemsOf,
  type Place,
  present,
  shapeError,
  wrong,
} from "../../yaml/place.ts";
import { choiceOf, durationOf, flagOf, textOf, wordOf, wordsOf } from "../../yaml/values.ts";
import type { Dialect } from "../json-tree.ts";
import type { Exchange, RecordedRequest, RecordedResponse } from "../model.ts";
import { BODY_KEYS, bodyOf } from "./body.ts";
import { eventOf } from "./event.ts";
import { headerFieldsOf } from "./fields.ts";
import { referencesOf } from "./names.ts";
import { sizesOf } from "./sizes.ts";

const EXCHANGE_KEYS = ["name", "during", "repeat", "request", "response", "stream"] as const;
const REQUEST_KEYS = ["line", "headers", "partial", ...BODY_KEYS] as const;
const RESPONSE_KEYS = [
  ...["status", "headers", "head", "framing", "chunks", "hijack", "wait", "cue", "trailers"],
  ...BODY_KEYS,
] as const;

/** What can be told of an exchange before its bodies and events are read. */
export interface ExchangeHead {
  readonly name: string | undefined;
  readonly during: readonly string[];
  readonly method: string;
  readonly target: string;
}

/** The exchange that a document tells. */
export function readExchange(source: Source): Exchange {
  const fields = exchangeFields(source);
  const [during, repeat, stream] = ["during", "repeat", "stream"].map((key) => fields.get(key));
  const response = responseOf(required(fields, "response"), stream);
  return {
    ...present("name", fields.get("name"), nameOf),
    ...present("during", during, referencesOf),
    ...present("repeat", repeat, flagOf),
    request: requestOf(required(fields, "request")),
    response,
    ...present("stream", stream, (place) => (isEmpty(place) ? [] : itemsOf(place).map(eventOf))),
  };
}

/** The cheap part of an exchange whose text is not in canonical order. */
export function readExchangeHead(source: Source): ExchangeHead {
  const fields = exchangeFields(source);
  const [name, during] = [fields.get("name"), fields.get("during")];
  const request = required(fields, "request");
  const { method, target } = requestLine(isText(request) ? request : lineOf(request));
  return {
    name: name && nameOf(name),
    during: during === undefined ? [] : wordsOf(during, "the name of an exchange"),
    method,
    target,
  };
}

function exchangeFields(source: Source): Fields {
  const document = documentOf(source, "document");
  if (isEmpty(document))
    throw shapeError(document, "the document is empty; an exchange has a `request` and a `response`");
  return fieldsOf(document, EXCHANGE_KEYS, "an exchange");
}

function required(fields: Fields, key: "request" | "response"): Place {
  const place = fields.get(key);
  if (place !== undefined) return place;
  const [first] = fields.values();
  const hint = key === "response" ? " (`none` if the client left before it came)" : "";
  throw shapeError({ ...(first as Place), offset: 0 }, `an exchange must have a \`${key}\`${hint}`);
}

function nameOf(place: Place): string {
  return wordOf(place, "a name");
}

function requestOf(place: Place): RecordedRequest {
  if (isText(place)) return { ...requestLine(place), headers: [] };
  const fields = fieldsOf(place, REQUEST_KEYS, "a request");
  const headers = fields.get("headers");
  return {
    ...requestLine(lineOf(place)),
    headers: headers === undefined ? [] : headerFieldsOf(headers),
    ...present("isPartial", fields.get("partial"), flagOf),
    ...bodyField(fields, "escaped"),
  };
}

function lineOf(request: Place): Place {
  const line = fieldsOf(request, REQUEST_KEYS, "a request").get("line");
  if (line === undefined) throw shapeError(request, "a request must have a `line` like `GET /_ping`");
  return line;
}

function requestLine(place: Place): { readonly method: string; readonly target: string } {
  const match = /^([^\s]+) (.+)$/s.exec(textOf(place));
  if (match === null) throw wrong(place, "a method and a target like `GET /_ping`");
  const [, method, target] = match as unknown as [string, string, string];
  if (/ HTTP\/\d/.test(target)) throw wrong(place, "a method and a target without the HTTP version");
  return { method, target };
}

function bodyField(fields: Fields, dialect: Dialect): Pick<RecordedRequest, "body"> {
  const body = bodyOf(fields, dialect);
  return body === undefined ? {} : { body };
}

function responseOf(place: Place, stream: Place | undefined): RecordedResponse | undefined {
  if (isText(place)) return textOf(place) === "none" ? undefined : { ...statusLine(place), headers: [] };
  const fields = fieldsOf(place, RESPONSE_KEYS, "a response");
  const status = fields.get("status");
  if (status === undefined) throw shapeError(place, "a response must have a `status` like `200 OK`");
  const body = bodyField(fields, "plain");
  if (stream !== undefined && body.body !== undefined) {
    throw shapeError(stream, "an exchange has a body in its `response` or a `stream`, not both");
  }
  return { ...statusLine(status), ...responseFields(fields), ...body };
}

function responseFields(fields: Fields): Omit<RecordedResponse, "status" | "reason" | "body"> {
  const headers = fields.get("headers");
  return {
    headers: headers === undefined ? [] : headerFieldsOf(headers),
    ...present("exactHead", fields.get("head"), headerFieldsOf),
    ...present("framing", fields.get("framing"), (place) => choiceOf(place, ["none", "length", "chunked", "close"])),
    ...present("chunks", fields.get("chunks"), (place) => sizesOf(place)),
    ...present("isHijack", fields.get("hijack"), flagOf),
    ...present("waitMs", fields.get("wait"), durationOf),
    ...present("cues", fields.get("cue"), referencesOf),
    ...present("trailers", fields.get("trailers"), headerFieldsOf),
  };
}

function statusLine(place: Place): { readonly status: number; readonly reason: string } {
  const match = /^([1-9]\d{2})(?: (.*))?$/s.exec(textOf(place));
  if (match === null) throw wrong(place, "a code and a reason like `200 OK`");
  return { status: Number(match[1]), reason: match[2] ?? "" };
}
