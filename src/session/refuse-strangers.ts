/**
 * What a listener on TCP refuses because a page in a browser may have sent it. Any page can make its browser send
 * requests to 127.0.0.1, and read the responses too, once a name of its own resolves to 127.0.0.1 (DNS rebinding).
 * Sockets of files and connections in the process are out of a browser's reach: nothing is checked there.
 */
import { findFieldValue, type RequestHead } from "../wire/http/head.ts";
import type { TcpListenPoint } from "./connection.ts";

/** Names that no stranger can register. `host.docker.internal` is this machine, seen from a container. */
const OWN_NAME = /^(?:localhost|.+\.localhost|host\.docker\.internal|[^.]+)$/;
/** An IPv4 or IPv6 address: a page from there could only read what is its own. */
const ADDRESS = /^(?:\d+(?:\.\d+){3}|.*:.*)$/;
/** Types that a page may send to another site only after asking it (Fetch, "CORS-safelisted request-header"). */
const CONTROL_TYPE = /^application\/(?:json|yaml)\s*(?:;|$)/i;

/**
 * Why the request is refused; undefined if it may pass.
 * @param isControl whether its path is one of the control API
 */
export function explainRefusal(head: RequestHead, isControl: boolean, at: TcpListenPoint): string | undefined {
  return explainHost(head, at) ?? explainOrigin(head) ?? (isControl ? explainType(head) : undefined);
}

/** A certificate is checked against the name, so TLS needs no check of its own. */
function explainHost({ fields }: RequestHead, { host, hasTls }: TcpListenPoint): string | undefined {
  const authority = findFieldValue(fields, "Host") ?? "";
  const name = toHostName(authority);
  if (hasTls || name === "" || name === host.toLowerCase() || ADDRESS.test(name) || OWN_NAME.test(name))
    return undefined;
  return `the request was sent to the host \`${authority}\`, which may be a stranger's name for this machine; connect to an address such as 127.0.0.1, to \`localhost\`, or to the name that is listened on`;
}

/** `example.com:2375` and `[::1]:2375` without the port and the brackets. */
function toHostName(authority: string): string {
  return authority
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
}

function explainOrigin({ fields }: RequestHead): string | undefined {
  const origin = findFieldValue(fields, "Origin");
  const site = findFieldValue(fields, "Sec-Fetch-Site");
  const isOwn = origin === undefined || origin.replace(/^https?:\/\//, "") === findFieldValue(fields, "Host");
  if (isOwn && (site === undefined || site === "same-origin" || site === "none")) return undefined;
  const from = origin === undefined ? "another site" : `\`${origin}\``;
  return `the request comes from a web page of ${from}; only pages of this address may send requests to it`;
}

function explainType({ method, fields }: RequestHead): string | undefined {
  const type = findFieldValue(fields, "Content-Type");
  const hasBody = findFieldValue(fields, "Transfer-Encoding") !== undefined || readLength(fields) > 0;
  if (method === "GET" || method === "HEAD" || (type === undefined && !hasBody)) return undefined;
  if (type !== undefined && CONTROL_TYPE.test(type)) return undefined;
  const got = type === undefined ? "none" : `\`${type}\``;
  return `over TCP, a control request must have the Content-Type \`application/json\` (or \`application/yaml\`), got ${got}`;
}

function readLength(fields: RequestHead["fields"]): number {
  return Number(findFieldValue(fields, "Content-Length") ?? 0);
}
