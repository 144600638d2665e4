/**
 * What dockerd demands of a request's head beyond its syntax (Go net/http: server.go readRequest, transfer.go
 * parseTransferEncoding). The daemon calls it for each request. The recorder does not: its daemon decides.
 */
import { WireError } from "../base/errors.ts";
import { findFieldValues, hasToken, type RequestHead } from "../wire/http/head.ts";
import { quoteForMessage } from "../wire/quote.ts";

/** golang.org/x/net/http/httpguts ValidHostHeader. Empty is valid: the docker CLI 20.10 sends it with each hijack. */
const HOST = /^[0-9A-Za-z!$%&()*+,\-.:;=[\]'_~]*$/;

/**
 * @throws WireError `WHALESONG_BAD_REQUEST_HEAD` for a missing, second or malformed Host, or an unknown expectation
 * @throws WireError `WHALESONG_BAD_TRANSFER_ENCODING` for any coding but one `chunked`
 */
export function checkRequest(head: RequestHead): void {
  checkHost(head);
  checkTransferEncoding(head);
  checkExpectation(head);
}

function checkHost({ version, fields }: RequestHead): void {
  const hosts = findFieldValues(fields, "Host");
  const isMissing = hosts.length === 0 && version === "HTTP/1.1";
  if (!isMissing && hosts.length < 2 && hosts.every((host) => HOST.test(host))) return;
  const got = isMissing ? "no Host" : `Host ${quoteAll(hosts)}`;
  throw new WireError(
    "WHALESONG_BAD_REQUEST_HEAD",
    `cannot read the request head: got ${got}, expected one host name`,
    {
      fields: { hosts },
    },
  );
}

/** HTTP/1.0 has no transfer codings: Go ignores the field there. */
function checkTransferEncoding({ version, fields }: RequestHead): void {
  const codings = findFieldValues(fields, "Transfer-Encoding");
  const isKnown = codings.length === 1 && codings[0]?.toLowerCase() === "chunked";
  if (codings.length === 0 || version === "HTTP/1.0" || isKnown) return;
  const message = `cannot tell where the body ends: got Transfer-Encoding ${quoteAll(codings)}, expected \`chunked\``;
  throw new WireError("WHALESONG_BAD_TRANSFER_ENCODING", message, { fields: { codings } });
}

function checkExpectation({ fields }: RequestHead): void {
  const [expectation = ""] = findFieldValues(fields, "Expect");
  if (expectation === "" || hasToken(fields, "Expect", "100-continue")) return;
  const message = `cannot meet the expectation ${quoteForMessage(expectation)}, expected \`100-continue\``;
  throw new WireError("WHALESONG_BAD_REQUEST_HEAD", message, { fields: { expectation } });
}

function quoteAll(values: readonly string[]): string {
  return values.map((value) => quoteForMessage(value)).join(" and ");
}
