/**
 * The text of a cassette, canonical: a model has one spelling, so that a re-recording differs only where the
 * daemon did. Templates of our own and not a YAML library's: thousands of times faster per line, and no option
 * of theirs can fold, tag or alias.
 */
import { formatDuration } from "../base/duration.ts";
import type { CassetteHeader, Exchange, RecordedRequest, RecordedResponse, Rules } from "./model.ts";
import { spellSizes } from "./sizes.ts";
import { bodyLines, commentLines } from "./write/body.ts";
import { eventText } from "./write/event.ts";
import { fieldLines, headLines } from "./write/fields.ts";
import { portsText } from "./write/ports.ts";
import { word, wordList } from "./write/spell.ts";

export { eventText };

export interface WriteOptions {
  /** What a sidecar holds (the listing of a tar), written as `# ...` above its `file:`. */
  readonly comments?: readonly string[];
}

const INDENT = "  ";

/** The first document of a cassette. */
export function headerText(header: CassetteHeader): string {
  const { recorded, everyResponse, rules, ports } = header;
  return [
    `whalesong: ${header.version}\n`,
    header.isUnfinished ? "unfinished: true\n" : "",
    recorded === undefined ? "" : `recorded: ${recordedFlow(recorded)}\n`,
    everyResponse.length === 0 ? "" : fieldLines("every-response", everyResponse, ""),
    rulesText(rules),
    ports === undefined ? "" : portsText(ports),
  ].join("");
}

/** The rules as they stand in a header. */
export function rulesText({ ignore, bind, match, exact, presets }: Rules): string {
  return [
    ignore.length === 0 ? "" : `ignore: ${wordList(ignore)}\n`,
    Object.keys(bind).length === 0 ? "" : fieldLines("bind", Object.entries(bind), ""),
    match.length === 0 ? "" : `match: ${wordList(match)}\n`,
    exact.length === 0 ? "" : `exact: ${wordList(exact)}\n`,
    presets === undefined ? "" : `presets: ${wordList(presets)}\n`,
  ].join("");
}

function recordedFlow(recorded: NonNullable<CassetteHeader["recorded"]>): string {
  const pairs = (["at", "by", "from", "client"] as const).flatMap((key) => {
    const value = recorded[key];
    return value === undefined ? [] : [`${key}: ${word(value, true)}`];
  });
  return `{${pairs.join(", ")}}`;
}

/** A whole document: `---`, the heads and bodies, the events. */
export function exchangeText(exchange: Exchange, options: WriteOptions = {}): string {
  if (exchange.stream?.length === 0) return `${headText(exchange, options)}stream: []\n`;
  return exchangeLead(exchange, options) + (exchange.stream ?? []).map(eventText).join("");
}

/** All of a document that stands before its events; ends with the line `stream:` where there may be some. */
export function exchangeLead(exchange: Exchange, options: WriteOptions = {}): string {
  return headText(exchange, options) + (exchange.stream === undefined ? "" : "stream:\n");
}

function headText(exchange: Exchange, { comments = [] }: WriteOptions): string {
  const { name, during = [], repeat, request, response } = exchange;
  const holder = sidecarHolder(exchange);
  return [
    "---\n",
    holder === undefined ? commentLines(comments, "") : "",
    name === undefined ? "" : `name: ${word(name, false)}\n`,
    during.length === 0 ? "" : `during: ${during.length === 1 ? word(during[0] as string, false) : wordList(during)}\n`,
    repeat === true ? "repeat: true\n" : "",
    requestText(request, holder === request ? comments : []),
    responseText(response, holder === response ? comments : []),
  ].join("");
}

/** Whose body stands beside the cassette; comments go there. */
function sidecarHolder({ request, response }: Exchange): RecordedRequest | RecordedResponse | undefined {
  return [request, response].find((head) => head?.body !== undefined && !Buffer.isBuffer(head.body));
}

function requestText(request: RecordedRequest, comments: readonly string[]): string {
  const { method, target, headers, body, isPartial } = request;
  const line = word(`${method} ${target}`, false);
  const more = [
    headers.length === 0 ? "" : fieldLines("headers", headers, INDENT),
    isPartial === true ? "  partial: true\n" : "",
    body === undefined ? "" : bodyLines(body, INDENT, "escaped", comments),
  ].join("");
  return more === "" ? `request: ${line}\n` : `request:\n  line: ${line}\n${more}`;
}

function responseText(response: RecordedResponse | undefined, comments: readonly string[]): string {
  if (response === undefined) return "response: none\n";
  const status = word(response.reason === "" ? `${response.status}` : `${response.status} ${response.reason}`, false);
  const more =
    responseLines(response) + (response.body === undefined ? "" : bodyLines(response.body, INDENT, "plain", comments));
  return more === "" ? `response: ${status}\n` : `response:\n  status: ${status}\n${more}`;
}

function responseLines(response: RecordedResponse): string {
  const { headers, exactHead, framing, chunks, isHijack, waitMs = 0, cues = [], trailers = [] } = response;
  return [
    headers.length === 0 ? "" : fieldLines("headers", headers, INDENT),
    exactHead === undefined ? "" : headLines(exactHead, INDENT),
    framing === undefined ? "" : `  framing: ${framing}\n`,
    chunks === undefined ? "" : `  chunks: ${spellSizes(chunks)}\n`,
    isHijack === true ? "  hijack: true\n" : "",
    waitMs > 0 ? `  wait: ${formatDuration(waitMs)}\n` : "",
    cues.length === 0 ? "" : `  cue: ${wordList(cues)}\n`,
    trailers.length === 0 ? "" : fieldLines("trailers", trailers, INDENT),
  ].join("");
}
