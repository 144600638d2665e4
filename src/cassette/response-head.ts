/**
 * The header fields that every daemon sends, and a cassette therefore omits: Date, Content-Length, Transfer-Encoding,
 * Connection, Upgrade, the headers of every response, and the order in which Go's server writes them (net/http
 * server.go: the handler's headers sorted, then Date, Content-Length, a sniffed Content-Type, Connection,
 * Transfer-Encoding). The recorder omits only what `composeHead` restores to the byte; otherwise it records the exact
 * head.
 */
import { joinMembers } from "../base/join-members.ts";
import { findFieldValue, type HeaderField, hasToken } from "../wire/http/head.ts";
import type { BodyFraming, RecordedResponse } from "./model.ts";

/** Bodies up to this size leave Go's server with a Content-Length, larger ones chunked (net/http bufferBeforeChunkingSize). */
const LENGTH_LIMIT = 2048;
const HOP_FIELDS: ReadonlySet<string> = new Set([
  "date",
  "content-length",
  "transfer-encoding",
  "connection",
  "upgrade",
]);
const UPGRADE_OF: Readonly<Record<string, string>> = { Session: "h2c", Grpc: "h2c" };

/** What a response's head depends on, beside the recorded response. */
export interface HeadContext {
  /** Name of the operation asked for (see wire/operations/operation.ts). */
  readonly operation: string;
  readonly method: string;
  /** Whether the request asks to close the connection (`Connection: close`, or HTTP/1.0 without keep-alive). */
  readonly asksClose: boolean;
  readonly everyResponse: readonly HeaderField[];
  /** The Date field's value. */
  readonly date: string;
  /** Size of the body; undefined for a stream. */
  readonly bodySize: number | undefined;
}

type ResponseShape = Pick<RecordedResponse, "status" | "headers" | "exactHead" | "framing" | "isHijack">;

export function isHijacked(response: Pick<RecordedResponse, "status" | "isHijack">): boolean {
  return response.status === 101 || response.isHijack === true;
}

/** How every daemon delimits the body of this response. */
export function getImpliedFraming(status: number, method: string, bodySize: number | undefined): BodyFraming {
  if (method === "HEAD" || status === 204 || status === 304 || status === 101) return "none";
  if (bodySize === undefined) return "chunked";
  return bodySize <= LENGTH_LIMIT ? "length" : "chunked";
}

/** The framing of a recorded response: the recorded one, otherwise the implied one. */
export function resolveFraming(
  response: ResponseShape,
  context: Pick<HeadContext, "method" | "bodySize">,
): BodyFraming {
  if (isHijacked(response)) return "none";
  return response.framing ?? getImpliedFraming(response.status, context.method, context.bodySize);
}

/** The fields of a response's head, in the order of the wire. */
export function composeHead(response: ResponseShape, context: HeadContext): readonly HeaderField[] {
  if (response.exactHead !== undefined) return response.exactHead;
  return isHijacked(response) ? composeHijackFields(response, context) : composePlainFields(response, context);
}

/** moby writes an attach's head by hand; exec start adds the headers of every response after it (docs/protocol-notes.md). */
function composeHijackFields(response: ResponseShape, { operation, everyResponse }: HeadContext): HeaderField[] {
  const upgrade: HeaderField[] =
    response.status === 101
      ? [
          ["Connection", "Upgrade"],
          ["Upgrade", UPGRADE_OF[operation] ?? "tcp"],
        ]
      : [];
  return [...response.headers, ...upgrade, ...(operation === "ExecStart" ? everyResponse : [])];
}

function composePlainFields(response: ResponseShape, context: HeadContext): HeaderField[] {
  const own = response.headers.filter(([name]) => !isWrittenLate(name, context));
  const sorted = [...own, ...context.everyResponse].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return [...sorted, ["Date", context.date], ...composeLateFields(response, context)];
}

/** A Content-Type that Go sniffed, not the handler's, stands behind Content-Length; only GET /_ping leaves it to Go. */
function isWrittenLate(name: string, { operation }: HeadContext): boolean {
  const lower = name.toLowerCase();
  return lower === "connection" || (lower === "content-type" && operation === "SystemPing");
}

function composeLateFields(response: ResponseShape, context: HeadContext): HeaderField[] {
  const framing = resolveFraming(response, context);
  const late: HeaderField[] = [];
  if (framing === "length") late.push(["Content-Length", String(context.bodySize ?? 0)]);
  late.push(
    ...response.headers.filter(([name]) => isWrittenLate(name, context) && name.toLowerCase() !== "connection"),
  );
  if (context.asksClose || hasToken(response.headers, "Connection", "close")) late.push(["Connection", "close"]);
  if (framing === "chunked") late.push(["Transfer-Encoding", "chunked"]);
  return late;
}

/** A response's head as it was on the wire. */
export interface ObservedResponse {
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly HeaderField[];
  readonly framing: BodyFraming;
  readonly isHijack: boolean;
}

/**
 * The shortest description of a response's head from which `composeHead` restores exactly the observed fields; if
 * there is none, the exact fields.
 */
export function describeHead(
  observed: ObservedResponse,
  context: Omit<HeadContext, "date">,
): Pick<RecordedResponse, "status" | "reason" | "headers" | "exactHead" | "framing" | "isHijack"> {
  const { status, reason, fields } = observed;
  const isOkHijack = observed.isHijack && status !== 101;
  const framing = observed.isHijack ? "none" : observed.framing;
  const implied = getImpliedFraming(status, context.method, context.bodySize);
  const named = isOkHijack ? { isHijack: true } : framing === implied ? {} : { framing };
  const base = joinMembers({ status, reason }, named);
  const short = joinMembers(base, { headers: selectOwnFields(fields, context, framing) });
  const composed = composeHead(short, joinMembers(context, { date: findFieldValue(fields, "Date") ?? "" }));
  return hasSameFields(composed, fields) ? short : joinMembers(base, { headers: [], exactHead: fields });
}

function selectOwnFields(
  fields: readonly HeaderField[],
  context: Omit<HeadContext, "date">,
  framing: BodyFraming,
): HeaderField[] {
  const isCommon = (name: string, value: string): boolean =>
    context.everyResponse.some((field) => field[0] === name && field[1] === value);
  const isOwn = ([name, value]: HeaderField): boolean => {
    const lower = name.toLowerCase();
    if (lower === "content-length") return framing === "none";
    if (lower === "connection") return value === "close" && !context.asksClose;
    return !HOP_FIELDS.has(lower) && !isCommon(name, value);
  };
  return fields.filter(isOwn);
}

function hasSameFields(a: readonly HeaderField[], b: readonly HeaderField[]): boolean {
  return a.length === b.length && a.every(([name, value], at) => name === b[at]?.[0] && value === b[at]?.[1]);
}

const EVERY_RESPONSE: ReadonlySet<string> = new Set(["Api-Version", "Docker-Experimental", "Ostype", "Server"]);

/** The fields that moby's version middleware adds to every response, taken from one response; empty if it has none. */
export function findEveryResponseFields(fields: readonly HeaderField[]): HeaderField[] {
  const found = fields.filter(([name]) => EVERY_RESPONSE.has(name));
  return findFieldValue(found, "Api-Version") === undefined ? [] : found;
}
