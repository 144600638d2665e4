/** An exchange as JSON, for `show --json` and the page of `view`. */
import type { RecordedBody, StreamEvent } from "../../cassette/model.ts";
import type { BodyJson } from "../../cassette/read.ts";
import type { HeaderField } from "../../wire/http/fields.ts";
import type { ExchangeDigest } from "./digest-exchange.ts";
import { parseJsonBytes } from "./json-value.ts";
import type { ParsedExchange } from "./parsed-exchange.ts";
import type { StreamLine } from "./stream-line.ts";

/** A body: its JSON, its text, its bytes, or the file that has it. */
export type BodyRecord =
  | { readonly json: unknown }
  | { readonly text: string }
  | { readonly base64: string }
  | { readonly file: string; readonly size: number };

export interface StreamRecord {
  readonly kind: StreamEvent["kind"];
  /** Milliseconds since the head of the response, by the recorded waits. */
  readonly at: number;
  readonly stream?: string;
  readonly text?: string;
  readonly json?: unknown;
  readonly base64?: string;
  /** Of a cue or mark. */
  readonly name?: string;
}

/** Members that are undefined are not there in JSON. */
export interface MessageRecord {
  readonly headers?: readonly HeaderField[] | undefined;
  readonly body?: BodyRecord | undefined;
}

/** Members that are undefined are not there in JSON: objects that all have the same members are written quickly. */
export interface ExchangeRecord {
  readonly method: string;
  readonly verb: string;
  readonly subject: string;
  readonly detail: string;
  readonly status: string;
  readonly outcome: string;
  readonly hasFailed: boolean;
  readonly role: string;
  readonly waitMs: number;
  readonly number: number;
  /** The line of the cassette where it begins. */
  readonly line: number;
  readonly during: readonly string[] | undefined;
  readonly target: string;
  readonly request: MessageRecord;
  readonly name: string | undefined;
  readonly container: string | undefined;
  readonly response: MessageRecord | undefined;
  readonly stream: readonly StreamRecord[] | undefined;
  /** The lines that `show` prints. */
  readonly lines: readonly StreamLine[];
}

/** The record of an exchange, from it and its digest. */
export function toExchangeRecord({ entry, exchange, values }: ParsedExchange, digest: ExchangeDigest): ExchangeRecord {
  const { request, response, stream } = exchange;
  return {
    number: digest.number,
    method: digest.method,
    verb: digest.verb,
    subject: digest.subject,
    detail: digest.detail,
    status: digest.status,
    outcome: digest.outcome,
    hasFailed: digest.hasFailed,
    role: digest.role,
    waitMs: digest.waitMs,
    line: entry.line,
    during: exchange.during,
    target: request.target,
    request: toMessageRecord(request.headers, request.body, values.request),
    name: exchange.name,
    container: digest.container,
    response: response && toMessageRecord(response.headers, response.body, values.response),
    stream: stream && toStreamRecords(stream),
    lines: digest.segments.length === 0 ? [] : digest.segments.flatMap(({ lines }) => lines),
  };
}

function toMessageRecord(
  headers: readonly HeaderField[],
  body: RecordedBody | undefined,
  json: BodyJson | undefined,
): MessageRecord {
  return { headers: headers.length > 0 ? headers : undefined, body: body && toBodyRecord(body, json) };
}

function toBodyRecord(body: RecordedBody, json: BodyJson | undefined): BodyRecord {
  if (!Buffer.isBuffer(body)) return { file: body.path, size: body.size };
  return json === undefined ? toText(body) : { json: json.value };
}

/** Bytes that are no text are kept as base64. */
function toText(bytes: Buffer): { readonly text: string } | { readonly base64: string } {
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? { base64: bytes.toString("base64") } : { text };
}

function toStreamRecords(stream: readonly StreamEvent[]): StreamRecord[] {
  let at = 0;
  return stream.flatMap((event) => {
    if (event.kind !== "wait") return [{ kind: event.kind, at, ...toEventParts(event) }];
    at += event.ms;
    return [];
  });
}

function toEventParts(event: StreamEvent): Omit<StreamRecord, "kind" | "at"> {
  switch (event.kind) {
    case "frames":
      return { stream: event.stream, ...toText(event.payload) };
    case "bytes":
      return { stream: event.isTty ? "tty" : "text", ...toText(event.bytes) };
    case "message":
      return { json: parseJsonBytes(event.json) ?? event.json.toString("utf8") };
    case "stdin":
      return { stream: "stdin", ...toInput(event.content) };
    case "ws":
      return { stream: event.from === "client" ? "stdin" : "stdout", ...toText(event.payload) };
    case "file":
      return { text: event.file.path };
    case "cue":
    case "mark":
    case "until":
      return { name: event.name };
    case "eof":
      return { stream: event.side };
    default:
      return {};
  }
}

function toInput(content: Extract<StreamEvent, { kind: "stdin" }>["content"]): Omit<StreamRecord, "kind" | "at"> {
  if (Buffer.isBuffer(content)) return toText(content);
  return { text: "path" in content ? content.path : `(redacted, ${content.redactedSize} bytes)` };
}
