import { isFieldText, isToken } from "../../wire/http/fields.ts";
import { isTarget } from "../../wire/http/head.ts";
import type { SourceText } from "../../yaml/error-at.ts";
import {
  createShapeError,
  createValueError,
  isEmpty,
  isText,
  parseYamlDocument,
  readEntries,
  readFields,
  readItems,
  readOptional,
  type YamlFields,
  type YamlPlace,
} from "../../yaml/place.ts";
import { readChoice, readDuration, readFlag, readText, readWord, readWords } from "../../yaml/values.ts";
import type { JsonEscaping } from "../json-tree.ts";
import type { Exchange, RecordedRequest, RecordedResponse } from "../model.ts";
import { BODY_KEYS, readBody } from "./body.ts";
import { readBuildEvents } from "./build.ts";
import { readBuildkitCall } from "./buildkit-call.ts";
import { readEvent } from "./event.ts";
import { readHeaderFields } from "./fields.ts";
import { readMarkNames, readReferences } from "./names.ts";
import { readSizes } from "./sizes.ts";

const EXCHANGE_KEYS = ["name", "during", "repeat", "request", "response", "stream", "build"] as const;
/** Stands for the method in calls of BuildKit's API. */
const GRPC = "GRPC";
const REQUEST_KEYS = ["line", "headers", "partial", ...BODY_KEYS] as const;
const RESPONSE_KEYS = [
  ...["status", "headers", "head", "framing", "chunks", "hijack", "wait", "cue", "until", "left", "trailers"],
  ...BODY_KEYS,
] as const;

/** The part of an exchange that is known before its bodies and events are parsed. */
export interface ExchangeHead {
  readonly name: string | undefined;
  readonly during: readonly string[];
  readonly method: string;
  readonly target: string;
  /** The request is known to be nothing but its line. */
  readonly isBare: boolean;
  /** Where the status stands right behind a request that is nothing but its line. @default not read */
  readonly status?: number | undefined;
}

/** Reads the exchange of a document. */
export function readExchange(source: SourceText): Exchange {
  const fields = readExchangeFields(source);
  const [during, repeat] = [fields.get("during"), fields.get("repeat")];
  return {
    ...readOptional("name", fields.get("name"), readName),
    ...readOptional("during", during, readReferences),
    ...readOptional("repeat", repeat, readFlag),
    ...(parseRequestLineOf(fields).method === GRPC ? readGrpcParts(fields) : readHttpParts(fields)),
  };
}

type ExchangeParts = Pick<Exchange, "request" | "response" | "stream" | "build" | "call">;

function readHttpParts(fields: YamlFields): ExchangeParts {
  const [stream, build] = [fields.get("stream"), fields.get("build")];
  if (stream !== undefined && build !== undefined)
    throw createShapeError(build, "an exchange has a `stream` or the events of a `build`, not both");
  return {
    request: readRequest(requireField(fields, "request")),
    response: readResponse(requireField(fields, "response"), stream ?? build),
    ...readOptional("stream", stream, (place) => (isEmpty(place) ? [] : readItems(place).map(readEvent))),
    ...readOptional("build", build, readBuildEvents),
  };
}

/** A build has its answers among its events; a single call has them in its response. */
function readGrpcParts(fields: YamlFields): ExchangeParts {
  const [stream, build] = [fields.get("stream"), fields.get("build")];
  if (stream !== undefined) throw createShapeError(stream, "a call of BuildKit has no `stream`");
  const request = { ...parseRequestLineOf(fields), headers: [] };
  if (build !== undefined) return { request, response: undefined, build: readBuildEvents(build) };
  const call = readBuildkitCall(requireField(fields, "request"), requireField(fields, "response"));
  return { request, response: undefined, call };
}

function parseRequestLineOf(fields: YamlFields): Pick<RecordedRequest, "method" | "target"> {
  const request = requireField(fields, "request");
  return parseRequestLine(isText(request) ? request : requireRequestLine(request));
}

/** Reads the head of an exchange whose text is not in canonical order (otherwise scan-head.ts does). */
export function readExchangeHead(source: SourceText): ExchangeHead {
  const fields = readExchangeFields(source);
  const [name, during] = [fields.get("name"), fields.get("during")];
  const { method, target } = parseRequestLineOf(fields);
  return {
    name: name && readName(name),
    during: during === undefined ? [] : readWords(during, "the name of an exchange"),
    method,
    target,
    isBare: false,
  };
}

function readExchangeFields(source: SourceText): YamlFields {
  const document = parseYamlDocument(source, "document");
  if (isEmpty(document))
    throw createShapeError(document, "the document is empty; an exchange has a `request` and a `response`");
  return readFields(document, EXCHANGE_KEYS, "an exchange");
}

function requireField(fields: YamlFields, key: "request" | "response"): YamlPlace {
  const place = fields.get(key);
  if (place !== undefined) return place;
  const [first] = fields.values();
  const hint = key === "response" ? " (`none` if the client left before it came)" : "";
  throw createShapeError({ ...(first as YamlPlace), offset: 0 }, `an exchange must have a \`${key}\`${hint}`);
}

function readName(place: YamlPlace): string {
  return readWord(place, "a name");
}

function readRequest(place: YamlPlace): RecordedRequest {
  if (isText(place)) return { ...parseRequestLine(place), headers: [] };
  const fields = readFields(place, REQUEST_KEYS, "a request");
  const headers = fields.get("headers");
  return {
    ...parseRequestLine(requireRequestLine(place)),
    headers: headers === undefined ? [] : readHeaderFields(headers),
    ...readOptional("isPartial", fields.get("partial"), readFlag),
    ...readBodyField(fields, "escaped"),
  };
}

/** Of the request of an exchange or of a call; what else is in it is read later. */
function requireRequestLine(request: YamlPlace): YamlPlace {
  const line = readEntries(request, "a request (a map)").get("line");
  if (line === undefined) throw createShapeError(request, "a request must have a `line` like `GET /_ping`");
  return line;
}

function parseRequestLine(place: YamlPlace): { readonly method: string; readonly target: string } {
  const match = /^([^\s]+) (.+)$/s.exec(readText(place));
  if (match === null) throw createValueError(place, "a method and a target like `GET /_ping`");
  const [, method, target] = match as unknown as [string, string, string];
  if (/ HTTP\/\d/.test(target)) throw createValueError(place, "a method and a target without the HTTP version");
  if (!isToken(method) || !isTarget(target))
    throw createValueError(place, "a method and a target as a client can send them, without blanks and line ends");
  return { method, target };
}

function readBodyField(fields: YamlFields, escaping: JsonEscaping): Pick<RecordedRequest, "body"> {
  const body = readBody(fields, escaping);
  return body === undefined ? {} : { body };
}

function readResponse(place: YamlPlace, stream: YamlPlace | undefined): RecordedResponse | undefined {
  if (isText(place)) return readText(place) === "none" ? undefined : { ...parseStatus(place), headers: [] };
  const fields = readFields(place, RESPONSE_KEYS, "a response");
  const status = fields.get("status");
  if (status === undefined) throw createShapeError(place, "a response must have a `status` like `200 OK`");
  const body = readBodyField(fields, "plain");
  if (stream !== undefined && body.body !== undefined) {
    throw createShapeError(stream, "an exchange has a body in its `response` or a `stream`, not both");
  }
  return { ...parseStatus(status), ...readResponseFields(fields), ...body };
}

function readResponseFields(fields: YamlFields): Omit<RecordedResponse, "status" | "reason" | "body"> {
  const headers = fields.get("headers");
  return {
    headers: headers === undefined ? [] : readHeaderFields(headers),
    ...readOptional("exactHead", fields.get("head"), readHeaderFields),
    ...readOptional("framing", fields.get("framing"), (place) =>
      readChoice(place, ["none", "length", "chunked", "close"]),
    ),
    ...readOptional("chunks", fields.get("chunks"), (place) => readSizes(place)),
    ...readOptional("isHijack", fields.get("hijack"), readFlag),
    ...readOptional("waitMs", fields.get("wait"), readDuration),
    ...readOptional("cues", fields.get("cue"), readReferences),
    ...readOptional("untils", fields.get("until"), readMarkNames),
    ...readOptional("isLeft", fields.get("left"), readFlag),
    ...readOptional("trailers", fields.get("trailers"), readHeaderFields),
  };
}

function parseStatus(place: YamlPlace): { readonly status: number; readonly reason: string } {
  const match = /^([1-9]\d{2})(?: (.*))?$/s.exec(readText(place));
  if (match === null) throw createValueError(place, "a code and a reason like `200 OK`");
  if (!isFieldText(match[2] ?? "")) throw createValueError(place, "a code and a reason on one line, in latin1");
  return { status: Number(match[1]), reason: match[2] ?? "" };
}
