/** The requests of a cassette as a script of curl: what a client asked can be asked again, and changed, by hand. */
import { dirname, join } from "node:path";
import { decodeUtf8 } from "../../base/bytes.ts";
import type { RecordedRequest } from "../../cassette/model.ts";
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import { CURL_COMMAND, type CurlBody, formatCurl, quoteWord, SOCKET_LINES } from "../../view/copy/format-curl.ts";
import { findUpgrade } from "../../wire/operations/leaves-http.ts";
import { parseOperation } from "../../wire/operations/operation.ts";

const LEAD = `#!/bin/sh
# The requests of a recording, made with whalesong. The daemon is that of DOCKER_HOST, on a unix socket.
set -eu
${SOCKET_LINES}ask() { ${CURL_COMMAND} "$@"; }
`;

/** The script, made request by request. Calls of BuildKit are left out; hijacks are comments. */
export function* exportCurl({ file }: Pick<CassetteWalk, "file">, entries: Iterable<CassetteEntry>): Generator<string> {
  yield LEAD;
  for (const entry of entries) if (entry.method !== "GRPC") yield `\n${toLine(entry, file)}\n`;
}

function toLine(entry: CassetteEntry, cassette: string): string {
  const { request } = entry.readExchange();
  const { method, target, headers } = request;
  const operation = findUpgrade(method, parseOperation(method, target));
  if (operation !== undefined) return `# ${method} ${quoteWord(target)}: ${operation} leaves HTTP`;
  const body = toCurlBody(request, cassette);
  return formatCurl({ method, target, headers, ...(body === undefined ? {} : { body }) }, "ask");
}

function toCurlBody({ body }: RecordedRequest, cassette: string): CurlBody | undefined {
  if (body === undefined) return undefined;
  if (!Buffer.isBuffer(body)) return { file: join(dirname(cassette), body.path) };
  const text = decodeUtf8(body);
  return text === undefined ? { base64: body.toString("base64") } : { text };
}
