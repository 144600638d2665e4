/** The requests of a cassette as a script of curl: what a client asked can be asked again, and changed, by hand. */
import { dirname, join } from "node:path";
import { decodeUtf8 } from "../../base/bytes.ts";
import type { RecordedRequest } from "../../cassette/model.ts";
import type { Cassette, CassetteEntry } from "../../cassette/read.ts";
import { parseOperation } from "../../wire/operation.ts";

const LEAD = `#!/bin/sh
# The requests of a recording, made with whalesong. The daemon is that of DOCKER_HOST, on a unix socket.
set -eu
socket=\${DOCKER_HOST:-unix:///var/run/docker.sock}
socket=\${socket#unix://}
ask() { curl --silent --show-error --no-buffer --unix-socket "$socket" "$@"; }
`;
/** They leave HTTP, and curl has no such client. */
const NOT_HTTP: ReadonlySet<string> = new Set(["ContainerAttach", "ExecStart", "Session", "ContainerAttachWebsocket"]);

/** Calls of BuildKit are left out; hijacks are comments. */
export function exportCurl(cassette: Cassette): string {
  const lines = cassette.entries.filter(({ method }) => method !== "GRPC").map((entry) => toLine(entry, cassette.file));
  return LEAD + lines.map((line) => `\n${line}\n`).join("");
}

function toLine(entry: CassetteEntry, cassette: string): string {
  const { request } = entry.readExchange();
  const { method, target } = request;
  const operation = parseOperation(method, target).name;
  if (NOT_HTTP.has(operation)) return `# ${method} ${quote(target)}: ${operation} leaves HTTP`;
  const fields = request.headers.map(([name, value]) => ` \\\n  --header ${quote(`${name}: ${value}`)}`);
  const way = method === "HEAD" ? "--head" : `--request ${quote(method)}`;
  const { lead, data } = formatData(request, cassette);
  return `${lead}ask ${way}${fields.join("")}${data} \\\n  ${quote(`http://localhost${target}`)}`;
}

/** A body that is no text cannot stand in a script: a sidecar is named, other bytes come from base64. */
function formatData({ body }: RecordedRequest, cassette: string): { readonly lead: string; readonly data: string } {
  if (body === undefined) return { lead: "", data: "" };
  const toFlag = (value: string): string => ` \\\n  --data-binary ${quote(value)}`;
  if (!Buffer.isBuffer(body)) return { lead: "", data: toFlag(`@${join(dirname(cassette), body.path)}`) };
  const text = decodeUtf8(body);
  // curl would read a file for a text that begins with @.
  if (text !== undefined && !text.startsWith("@") && !text.includes("\0")) return { lead: "", data: toFlag(text) };
  return { lead: `printf %s ${quote(body.toString("base64"))} | base64 -d | `, data: toFlag("@-") };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
