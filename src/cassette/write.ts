/**
 * Writes the canonical text of a cassette: a model has one spelling, so that a re-recording differs only where the
 * daemon does. It uses templates and not a YAML library: that is thousands of times faster per line, and no option of
 * a library can fold, tag or alias.
 */
import { formatDuration } from "../base/duration.ts";
import type { CassetteHeader, Exchange, RecordedRequest, RecordedResponse, Rules } from "./model.ts";
import { spellSizes } from "./sizes.ts";
import { type BodyOptions, type DraftTexts, formatBody, formatComments } from "./write/body.ts";
import { formatBuildEvents, formatBuildkitCall, spellStepNumber } from "./write/build.ts";
import { formatBuildEvent } from "./write/build-event.ts";
import { formatEvent } from "./write/event.ts";
import { formatHeaderFields, formatHeadLines } from "./write/fields.ts";
import { formatPorts } from "./write/ports.ts";
import { spellWord, spellWords } from "./write/spell.ts";

export type { DraftTexts };
export { formatBuildEvent, formatComments, formatEvent, spellStepNumber };

export interface WriteOptions {
  /** The content of a sidecar (the listing of a tar), written as `# ...` above its `file:`. */
  readonly comments?: readonly string[];
  /** While a client waits: a cassette like any other, only less readable. `finishDraft` ends that. @default false */
  readonly isDraft?: boolean;
  /** Spellings of bodies that come again. @default each body is spelled anew */
  readonly drafts?: DraftTexts;
}

const INDENT = "  ";

/**
 * The first document of a cassette.
 * @example
 * const text = formatHeader(readCassette("web.yaml").header);
 */
export function formatHeader(header: CassetteHeader): string {
  const { recorded, everyResponse, rules, redact = [], ports } = header;
  return [
    `whalesong: ${header.version}\n`,
    header.isUnfinished ? "unfinished: true\n" : "",
    recorded === undefined ? "" : `recorded: ${formatRecorded(recorded)}\n`,
    everyResponse.length === 0 ? "" : formatHeaderFields("every-response", everyResponse, ""),
    formatRules(rules),
    redact.length === 0 ? "" : `redact: ${spellWords(redact)}\n`,
    ports === undefined ? "" : formatPorts(ports),
  ].join("");
}

/** The rules as lines of a header. */
export function formatRules({ ignore, bind, match, exact, presets }: Rules): string {
  return [
    ignore.length === 0 ? "" : `ignore: ${spellWords(ignore)}\n`,
    Object.keys(bind).length === 0 ? "" : formatHeaderFields("bind", Object.entries(bind), ""),
    match.length === 0 ? "" : `match: ${spellWords(match)}\n`,
    exact.length === 0 ? "" : `exact: ${spellWords(exact)}\n`,
    presets === undefined ? "" : `presets: ${spellWords(presets)}\n`,
  ].join("");
}

function formatRecorded(recorded: NonNullable<CassetteHeader["recorded"]>): string {
  const pairs = (["at", "by", "from", "client"] as const).flatMap((key) => {
    const value = recorded[key];
    return value === undefined ? [] : [`${key}: ${spellWord(value, true)}`];
  });
  return `{${pairs.join(", ")}}`;
}

/**
 * A whole document: `---`, the heads and bodies, the events.
 * @example
 * const [first] = readCassette("web.yaml").entries;
 * const text = formatExchange(first.readExchange());
 */
export function formatExchange(exchange: Exchange, options: WriteOptions = {}): string {
  const { stream, build } = exchange;
  if ((stream ?? build)?.length === 0)
    return `${formatHeads(exchange, options)}${build === undefined ? "stream" : "build"}: []\n`;
  if (build !== undefined) return formatExchangeLead(exchange, options) + formatBuildEvents(build);
  return formatExchangeLead(exchange, options) + (stream ?? []).map(formatEvent).join("");
}

/** The part of a document before its events; ends with the line `stream:` or `build:` if the exchange has events. */
export function formatExchangeLead(exchange: Exchange, options: WriteOptions = {}): string {
  const lead = exchange.build !== undefined ? "build:\n" : exchange.stream === undefined ? "" : "stream:\n";
  return formatHeads(exchange, options) + lead;
}

function formatHeads(exchange: Exchange, { comments = [], isDraft = false, drafts }: WriteOptions): string {
  const { name, during = [], repeat, request, response } = exchange;
  const holder = findSidecarHolder(exchange);
  const optionsOf = (head: typeof holder): BodyOptions => ({
    isDraft,
    drafts,
    comments: holder === head ? comments : [],
  });
  return [
    "---\n",
    holder === undefined ? formatComments(comments, "") : "",
    name === undefined ? "" : `name: ${spellWord(name, false)}\n`,
    during.length === 0
      ? ""
      : `during: ${during.length === 1 ? spellWord(during[0] as string, false) : spellWords(during)}\n`,
    repeat === true ? "repeat: true\n" : "",
    exchange.call === undefined
      ? formatRequest(request, optionsOf(request))
      : formatBuildkitCall(`${request.method} ${request.target}`, exchange.call),
    isGrpc(request) ? "" : formatResponse(response, optionsOf(response)),
  ].join("");
}

/** The answers to a call of BuildKit stand elsewhere: among the events of a build, or in the call itself. */
function isGrpc({ method }: RecordedRequest): boolean {
  return method === "GRPC";
}

/** The head whose body is a sidecar; comments are written there. */
function findSidecarHolder({ request, response }: Exchange): RecordedRequest | RecordedResponse | undefined {
  return [request, response].find((head) => head?.body !== undefined && !Buffer.isBuffer(head.body));
}

function formatRequest(request: RecordedRequest, options: BodyOptions): string {
  const { method, target, headers, body, isPartial } = request;
  const line = spellWord(`${method} ${target}`, false);
  const more = [
    headers.length === 0 ? "" : formatHeaderFields("headers", headers, INDENT),
    isPartial === true ? "  partial: true\n" : "",
    body === undefined ? "" : formatBody(body, INDENT, "escaped", options),
  ].join("");
  return more === "" ? `request: ${line}\n` : `request:\n  line: ${line}\n${more}`;
}

function formatResponse(response: RecordedResponse | undefined, options: BodyOptions): string {
  if (response === undefined) return "response: none\n";
  const status = spellWord(
    response.reason === "" ? `${response.status}` : `${response.status} ${response.reason}`,
    false,
  );
  const more =
    formatResponseKeys(response) +
    (response.body === undefined ? "" : formatBody(response.body, INDENT, "plain", options));
  return more === "" ? `response: ${status}\n` : `response:\n  status: ${status}\n${more}`;
}

function formatResponseKeys(response: RecordedResponse): string {
  const { headers, exactHead, framing, chunks, isHijack, waitMs = 0, isLeft, trailers = [] } = response;
  const { cues = [], untils = [] } = response;
  return [
    headers.length === 0 ? "" : formatHeaderFields("headers", headers, INDENT),
    exactHead === undefined ? "" : formatHeadLines(exactHead, INDENT),
    framing === undefined ? "" : `  framing: ${framing}\n`,
    chunks === undefined ? "" : `  chunks: ${spellSizes(chunks)}\n`,
    isHijack === true ? "  hijack: true\n" : "",
    waitMs > 0 ? `  wait: ${formatDuration(waitMs)}\n` : "",
    cues.length === 0 ? "" : `  cue: ${spellWords(cues)}\n`,
    untils.length === 0 ? "" : `  until: ${spellWords(untils)}\n`,
    isLeft === true ? "  left: true\n" : "",
    trailers.length === 0 ? "" : formatHeaderFields("trailers", trailers, INDENT),
  ].join("");
}
