/** The requests of a cassette as a script of curl: what a client asked can be asked again, and changed, by hand. */
import { dirname, join } from "node:path";
import { decodeUtf8 } from "../../base/bytes.ts";
import { escapeToLine } from "../../base/printable.ts";
import { formatShellLine } from "../../base/shell-words.ts";
import type { Exchange, RecordedRequest } from "../../cassette/model.ts";
import type { CassetteEntry, CassetteWalk } from "../../cassette/read.ts";
import { CURL_COMMAND, type CurlBody, formatCurl, quoteWord, SOCKET_LINES } from "../../view/copy/format-curl.ts";
import { findUpgrade } from "../../wire/operations/leaves-http.ts";
import { parseOperation } from "../../wire/operations/operation.ts";
import { ID_FUNCTION, MadeIds } from "./made-ids.ts";

const LEAD = `#!/bin/sh
# The requests of a recording, made with whalesong. The daemon is that of DOCKER_HOST, on a unix socket.
set -eu
${SOCKET_LINES}ask() { ${CURL_COMMAND} "$@"; }
${ID_FUNCTION}`;

/** Without limits, a script would not come to its end where the recorded client left, or a hijack is not asked. */
const LEFT_LIMIT = " --max-time 5";
const BEHIND_LIMIT = " --max-time 30";
const WHY_LEFT = "# The client left before the end.\n";
const WHY_BEHIND = "# Its answer waits for a later request. A second, so that the daemon has it first.\n";

/**
 * The script, made request by request. Calls of BuildKit are left out; hijacks are comments. A request whose answer waits
 * for a later one (`wait`, before its container is started) goes on in the background.
 */
export function* exportCurl({ file }: Pick<CassetteWalk, "file">, entries: Iterable<CassetteEntry>): Generator<string> {
  yield LEAD;
  const requested = new Set<string>();
  const ids = new MadeIds();
  let hasBackground = false;
  for (const entry of entries) {
    if (entry.method === "GRPC") continue;
    if (entry.name !== undefined) requested.add(entry.name);
    const exchange = entry.readExchange();
    const isBehind = listCues(exchange).some((name) => !requested.has(name));
    hasBackground ||= isBehind;
    yield `\n${formatStep(exchange, { cassette: file, number: entry.index + 1, isBehind, ids })}\n`;
  }
  if (hasBackground) yield "\nwait\n";
}

/** What must have been requested before all of the answer is there. */
function listCues({ response, stream = [] }: Exchange): readonly string[] {
  return [...(response?.cues ?? []), ...stream.flatMap((event) => (event.kind === "cue" ? [event.name] : []))];
}

interface StepContext {
  readonly cassette: string;
  /** The exchange's, as `show` counts. */
  readonly number: number;
  readonly isBehind: boolean;
  readonly ids: MadeIds;
}

function formatStep(exchange: Exchange, context: StepContext): string {
  const { cassette, isBehind, ids } = context;
  const { request } = exchange;
  const { method, target, headers } = request;
  const operation = parseOperation(method, target);
  const upgrade = findUpgrade(method, operation);
  if (upgrade !== undefined) return formatLeftOut(`${method} ${quoteWord(target)}: ${upgrade}`, context);
  const body = toCurlBody(request, cassette);
  const words = { method, target, headers, ...(body === undefined ? {} : { body }) };
  const isLeft = wasLeft(exchange);
  const why = `${isLeft ? WHY_LEFT : ""}${isBehind ? WHY_BEHIND : ""}`;
  if (why === "") return ids.capture(operation.name ?? "", exchange, ids.insertVariables(formatCurl(words, "ask")));
  const ask = ids.insertVariables(formatCurl(words, `ask${isLeft ? LEFT_LIMIT : BEHIND_LIMIT}`));
  return `${why}${ask} || true${isBehind ? " &\nsleep 1" : ""}`;
}

/** A reader looks here for what the recorded client has printed. */
function formatLeftOut(request: string, { cassette, number }: StepContext): string {
  const line = formatShellLine(["whalesong", "show", cassette, "--exchange", `${number}`]);
  return `# ${request} leaves HTTP. It is not asked, and nothing that came of it is printed here.\n# What was recorded: ${escapeToLine(line)}`;
}

/** Whether the client went before the daemon had ended its answer. */
function wasLeft({ response, stream = [] }: Exchange): boolean {
  if (response === undefined || response.isLeft === true) return true;
  return stream.some((event) => LEFT.has(event.kind) || (event.kind === "eof" && event.side === "client"));
}

const LEFT: ReadonlySet<string> = new Set(["cut", "hold", "repeat"]);

function toCurlBody({ body }: RecordedRequest, cassette: string): CurlBody | undefined {
  if (body === undefined) return undefined;
  if (!Buffer.isBuffer(body)) return { file: join(dirname(cassette), body.path) };
  const text = decodeUtf8(body);
  return text === undefined ? { base64: body.toString("base64") } : { text };
}
