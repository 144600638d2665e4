/** Puts old values into a new exchange: into every text of it, and into what is bytes but reads as text. */
import { cutIntoPieces, decodeUtf8 } from "../base/bytes.ts";
import type { BuildEvent, RecordedMessage } from "../cassette/build-model.ts";
import type { Exchange, FramesEvent, RecordedBody, RecordedResponse, StreamEvent } from "../cassette/model.ts";
import type { HeaderField } from "../wire/http/head.ts";
import { replaceTokens } from "./tokens.ts";
import type { ValueMap } from "./value-map.ts";

/** The exchange with old values; sidecars are not touched. */
export function restoreExchange(exchange: Exchange, values: ValueMap): Exchange {
  if (values.size === 0) return exchange;
  const { request, response, stream, build, call } = exchange;
  return {
    ...exchange,
    request: {
      ...request,
      target: values.restore(request.target),
      headers: restoreFields(request.headers, values),
      ...(request.body === undefined ? {} : { body: restoreBody(request.body, values) }),
    },
    response: response && restoreResponse(response, values),
    ...(stream === undefined ? {} : { stream: stream.map((event) => restoreEvent(event, values)) }),
    ...(build === undefined ? {} : { build: build.map((event) => restoreBuildEvent(event, values)) }),
    ...(call === undefined
      ? {}
      : {
          call: {
            ...call,
            request: restoreMessage(call.request, values),
            answers: call.answers.map((answer) => restoreMessage(answer, values)),
          },
        }),
  };
}

function restoreResponse(response: RecordedResponse, values: ValueMap): RecordedResponse {
  const { body, exactHead, trailers, chunks, ...rest } = response;
  const restored = body === undefined ? undefined : restoreBody(body, values);
  const isResized = Buffer.isBuffer(body) && Buffer.isBuffer(restored) && body.length !== restored.length;
  return {
    ...rest,
    headers: restoreFields(response.headers, values),
    ...(exactHead === undefined ? {} : { exactHead: withLength(restoreFields(exactHead, values), restored) }),
    ...(trailers === undefined ? {} : { trailers: restoreFields(trailers, values) }),
    ...(chunks === undefined || isResized ? {} : { chunks }),
    ...(restored === undefined ? {} : { body: restored }),
  };
}

/** An exact head that names the body's length names the new length. */
function withLength(fields: readonly HeaderField[], body: RecordedBody | undefined): HeaderField[] {
  return fields.map(([name, value]) => {
    const isLength = Buffer.isBuffer(body) && name.toLowerCase() === "content-length";
    return [name, isLength ? String(body.length) : value];
  });
}

function restoreFields(fields: readonly HeaderField[], values: ValueMap): HeaderField[] {
  return fields.map(([name, value]) => [name, restoreValue(value, values)]);
}

/** Some headers hold JSON in base64 (X-Docker-Container-Path-Stat). */
function restoreValue(value: string, values: ValueMap): string {
  const decoded = Buffer.from(value, "base64").toString("utf8");
  if (!decoded.startsWith("{")) return values.restore(value);
  const restored = values.restore(decoded);
  return restored === decoded ? value : Buffer.from(restored).toString("base64");
}

function restoreBody(body: RecordedBody, values: ValueMap): RecordedBody {
  return Buffer.isBuffer(body) ? restoreBytes(body, values) : body;
}

function restoreBytes(bytes: Buffer, values: ValueMap): Buffer {
  return decodeUtf8(bytes) === undefined ? bytes : values.restoreBytes(bytes);
}

function restoreEvent(event: StreamEvent, values: ValueMap): StreamEvent {
  switch (event.kind) {
    case "frames":
      return restoreFrames(event, values);
    case "message":
      return { ...event, json: restoreBytes(event.json, values) };
    case "bytes":
      return { ...event, bytes: restoreBytes(event.bytes, values) };
    case "ws":
      return { ...event, payload: restoreBytes(event.payload, values) };
    case "stdin":
      return Buffer.isBuffer(event.content) ? { ...event, content: restoreBytes(event.content, values) } : event;
    default:
      return event;
  }
}

function restoreFrames(event: FramesEvent, values: ValueMap): FramesEvent {
  const { payload, cut } = event;
  if (cut === undefined || cut === "lines") return { ...event, payload: restoreBytes(payload, values) };
  const pieces = cutIntoPieces(payload, cut).map((piece) => restoreBytes(piece, values));
  return { ...event, payload: Buffer.concat(pieces), cut: pieces.map(({ length }) => length) };
}

function restoreBuildEvent(event: BuildEvent, values: ValueMap): BuildEvent {
  if (event.kind === "answer") return { ...event, message: restoreMessage(event.message, values) };
  if (event.kind === "call" && event.message !== undefined)
    return { ...event, message: restoreMessage(event.message, values) };
  if (event.kind === "line") return { ...event, json: restoreBytes(event.json, values) };
  if (event.kind !== "progress") return event;
  const { progress } = event;
  const statuses = progress.statuses.map((status) => ({ ...status, id: values.restore(status.id) }));
  const logs = progress.logs.map((log) => ({ ...log, bytes: restoreBytes(log.bytes, values) }));
  return { ...event, progress: { ...progress, statuses, logs } };
}

function restoreMessage(message: RecordedMessage, values: ValueMap): RecordedMessage {
  if (!("json" in message)) return message;
  return { json: values.restoreContent(message.json) as typeof message.json };
}

/** The values within bytes that are no text: in a sidecar, in a message that could not be decoded. */
export function collectOpaqueValues(bytes: Buffer, into: Set<string>): void {
  replaceTokens(bytes.toString("latin1"), (token) => {
    into.add(token.replace(/^sha256:/, ""));
    return token;
  });
}

/** Bytes of an exchange's own text in which nothing is put back. */
export function listOpaqueBytes({ request, response, stream = [], call }: Exchange): readonly Buffer[] {
  const messages = call === undefined ? [] : [call.request, ...call.answers];
  const all = [
    request.body,
    response?.body,
    ...messages.map((message) => ("bytes" in message ? message.bytes : undefined)),
    ...stream.map(findBytes),
  ];
  return all.filter((bytes): bytes is Buffer => Buffer.isBuffer(bytes) && decodeUtf8(bytes) === undefined);
}

function findBytes(event: StreamEvent): unknown {
  if (event.kind === "frames" || event.kind === "ws") return event.payload;
  if (event.kind === "bytes") return event.bytes;
  return event.kind === "stdin" ? event.content : undefined;
}
