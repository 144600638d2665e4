/**
 * What any daemon would send, and a cassette therefore does not say: Date, Content-Length, Transfer-Encoding,
 * Connection, Upgrade, the headers of every response, and the order Go's server writes them in (net/http
 * server.go: the handler's headers sorted, then Date, Content-Length, a sniffed Content-Type, Connection,
 * Transfer-Encoding). The recorder leaves out only what `composeHead` gives back to the byte; where that fails it
 * keeps the exact head instead.
 */
import { fieldValue, type HeaderField, hasToken } from "../wire/head.ts";
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

/** The response in hand and the request it answers, as far as the head depends on them. */
export interface Setting {
  /** Name of the operation asked for (see wire/operation.ts). */
  readonly operation: string;
  readonly method: string;
  /** Whether the request asked for the connection to be closed (`Connection: close`, or HTTP/1.0 without keep-alive). */
  readonly asksClose: boolean;
  readonly everyResponse: readonly HeaderField[];
  /** The Date field's value. */
  readonly date: string;
  /** Size of the body; undefined for a stream. */
  readonly bodySize: number | undefined;
}

type Shape = Pick<RecordedResponse, "status" | "headers" | "exactHead" | "framing" | "isHijack">;

export function isHijacked(response: Pick<RecordedResponse, "status" | "isHijack">): boolean {
  return response.status === 101 || response.isHijack === true;
}

/** How any daemon would delimit the body of this response. */
export function impliedFraming(status: number, method: string, bodySize: number | undefined): BodyFraming {
  if (method === "HEAD" || status === 204 || status === 304 || status === 101) return "none";
  if (bodySize === undefined) return "chunked";
  return bodySize <= LENGTH_LIMIT ? "length" : "chunked";
}

/** The framing of a recorded response: the one it names, else the implied one. */
export function framingOf(response: Shape, setting: Pick<Setting, "method" | "bodySize">): BodyFraming {
  if (isHijacked(response)) return "none";
  return response.framing ?? impliedFraming(response.status, setting.method, setting.bodySize);
}

/** The fields of a response's head, in the order of the wire. */
export function composeHead(response: Shape, setting: Setting): readonly HeaderField[] {
  if (response.exactHead !== undefined) return response.exactHead;
  return isHijacked(response) ? hijackFields(response, setting) : plainFields(response, setting);
}

/** moby writes an attach's head by hand; exec start adds the headers of every response after it (docs/protocol-notes.md). */
function hijackFields(response: Shape, { operation, everyResponse }: Setting): HeaderField[] {
  const upgrade: HeaderField[] =
    response.status === 101
      ? [
          ["Connection", "Upgrade"],
          ["Upgrade", UPGRADE_OF[operation] ?? "tcp"],
        ]
      : [];
  return [...response.headers, ...upgrade, ...(operation === "ExecStart" ? everyResponse : [])];
}

function plainFields(response: Shape, setting: Setting): HeaderField[] {
  const own = response.headers.filter(([name]) => !isWrittenLate(name, setting));
  const sorted = [...own, ...setting.everyResponse].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return [...sorted, ["Date", setting.date], ...lateFields(response, setting)];
}

/** A Content-Type that Go sniffed, not the handler's, stands behind Content-Length; only GET /_ping leaves it to Go. */
function isWrittenLate(name: string, { operation }: Setting): boolean {
  const lower = name.toLowerCase();
  return lower === "connection" || (lower === "content-type" && operation === "SystemPing");
}

function lateFields(response: Shape, setting: Setting): HeaderField[] {
  const framing = framingOf(response, setting);
  const late: HeaderField[] = [];
  if (framing === "length") late.push(["Content-Length", String(setting.bodySize ?? 0)]);
  late.push(
    ...response.headers.filter(([name]) => isWrittenLate(name, setting) && name.toLowerCase() !== "connection"),
  );
  if (setting.asksClose || hasToken(response.headers, "Connection", "close")) late.push(["Connection", "close"]);
  if (framing === "chunked") late.push(["Transfer-Encoding", "chunked"]);
  return late;
}

/** What was seen on the wire of one response. */
export interface SeenResponse {
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly HeaderField[];
  readonly framing: BodyFraming;
  readonly isHijack: boolean;
}

/**
 * The shortest description of a response's head from which `composeHead` gives back exactly the fields seen; the
 * exact fields where none does.
 */
export function describeHead(
  seen: SeenResponse,
  setting: Omit<Setting, "date">,
): Pick<RecordedResponse, "status" | "reason" | "headers" | "exactHead" | "framing" | "isHijack"> {
  const { status, reason, fields } = seen;
  const isOkHijack = seen.isHijack && status !== 101;
  const base = { status, reason, ...(isOkHijack ? { isHijack: true } : {}) };
  const framing = seen.isHijack ? "none" : seen.framing;
  const implied = impliedFraming(status, setting.method, setting.bodySize);
  const named = framing === implied || isOkHijack ? {} : { framing };
  const short = { ...base, ...named, headers: ownFields(fields, setting, framing) };
  const composed = composeHead(short, { ...setting, date: fieldValue(fields, "Date") ?? "" });
  return sameFields(composed, fields) ? short : { ...base, ...named, headers: [], exactHead: fields };
}

function ownFields(
  fields: readonly HeaderField[],
  setting: Omit<Setting, "date">,
  framing: BodyFraming,
): HeaderField[] {
  const common = new Set(setting.everyResponse.map(([name, value]) => `${name}: ${value}`));
  const isOwn = ([name, value]: HeaderField): boolean => {
    const lower = name.toLowerCase();
    if (lower === "content-length") return framing === "none";
    if (lower === "connection") return value === "close" && !setting.asksClose;
    return !HOP_FIELDS.has(lower) && !common.has(`${name}: ${value}`);
  };
  return fields.filter(isOwn);
}

function sameFields(a: readonly HeaderField[], b: readonly HeaderField[]): boolean {
  return a.length === b.length && a.every(([name, value], at) => name === b[at]?.[0] && value === b[at]?.[1]);
}

const EVERY_RESPONSE: ReadonlySet<string> = new Set(["Api-Version", "Docker-Experimental", "Ostype", "Server"]);

/** The fields that moby's version middleware puts on every response, as found in one of them; empty if it has none. */
export function everyResponseOf(fields: readonly HeaderField[]): HeaderField[] {
  const found = fields.filter(([name]) => EVERY_RESPONSE.has(name));
  return fieldValue(found, "Api-Version") === undefined ? [] : found;
}
