/** What a request's head says, and nothing that depends on when it came: equal bytes give equal requests. */
import type { NormalizedRequest } from "../match/normalize/normalize-request.ts";
import { type MessageFraming, resolveRequestFraming } from "../wire/http/body.ts";
import { findFieldValue, hasToken, parseRequestHead, type RequestHead } from "../wire/http/head.ts";
import { type Operation, parseOperation } from "../wire/operations/operation.ts";
import { checkRequest } from "./check-request.ts";

/** How a client begins that speaks HTTP/2 without an upgrade (RFC 9113, 3.4): a head that no HTTP/1.1 request has. */
export const HTTP2_PREFACE: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\n", "latin1");
/** What stands for a request where a client begins to speak HTTP/2. */
const HTTP2_HEAD: RequestHead = {
  method: "PRI",
  target: "*",
  version: "HTTP/1.1",
  fields: [["Connection", "close"]],
};

/** A head that was read. It may be shared by all calls that begin with the same bytes, so it is never altered. */
export interface ParsedRequest {
  readonly head: RequestHead;
  readonly rawHead: Buffer;
  readonly operation: Operation;
  readonly framing: MessageFraming;
  /** Whether this is no request, but the beginning of an HTTP/2 connection. */
  readonly isHttp2: boolean;
  readonly asksClose: boolean;
  readonly awaitsContinue: boolean;
  readonly asksUpgrade: boolean;
  /** The request in the form in which it is compared, by the rules and bindings that apply; each form is computed once. */
  readonly normalizedRequests: Map<string, NormalizedRequest>;
}

/**
 * Parses a head as `takeHead` returns it, and checks it as dockerd does.
 * @throws WireError what `parseRequestHead`, `checkRequest` and `resolveRequestFraming` throw
 */
export function parseRequest(rawHead: Buffer): ParsedRequest {
  if (rawHead.equals(HTTP2_PREFACE)) return describeRequest(rawHead, HTTP2_HEAD);
  const head = parseRequestHead(rawHead);
  checkRequest(head);
  return describeRequest(rawHead, head);
}

/** The same for a head that was parsed already, and is not checked. */
export function describeRequest(rawHead: Buffer, head: RequestHead): ParsedRequest {
  return {
    head,
    rawHead,
    operation: parseOperation(head.method, head.target),
    framing: resolveRequestFraming(head),
    isHttp2: rawHead.equals(HTTP2_PREFACE),
    asksClose: isCloseRequested(head),
    awaitsContinue: hasToken(head.fields, "Expect", "100-continue"),
    asksUpgrade: findFieldValue(head.fields, "Upgrade") !== undefined,
    normalizedRequests: new Map(),
  };
}

/** HTTP/1.1 stays open unless the client asks to close; HTTP/1.0 closes unless it asks to stay (RFC 9112, 9.3). */
export function isCloseRequested(head: RequestHead): boolean {
  if (head.version === "HTTP/1.0") return !hasToken(head.fields, "Connection", "keep-alive");
  return hasToken(head.fields, "Connection", "close");
}
