/** Prints a cassette: as a log, or some exchanges with all that was sent. Holds a few exchanges at a time. */
import { formatCount } from "../base/format-count.ts";
import { escapeToLine } from "../base/printable.ts";
import type { Exchange, RecordedBody } from "../cassette/model.ts";
import type { CassetteEntry, CassetteWalk } from "../cassette/read.ts";
import { isTarStart } from "../wire/archive/tar.ts";
import type { HeaderField } from "../wire/http/fields.ts";
import type { OutputStyles } from "./colour.ts";
import type { DigestOptions, ExchangeDigest } from "./digest/digest-exchange.ts";
import { describeFile } from "./digest/digest-stream.ts";
import { toExchangeRecord } from "./digest/exchange-record.ts";
import { foldZeroValues, parseJsonBytes } from "./digest/json-value.ts";
import { formatByteSize } from "./digest/shorten-text.ts";
import { digestEntries } from "./digest-entries.ts";
import { ExchangeLog } from "./exchange-log.ts";

export interface ShowOptions extends DigestOptions {
  readonly styles: OutputStyles;
  /** Only these exchanges. @default all */
  readonly isChosen?: (entry: CassetteEntry) => boolean;
  /** Only exchanges whose text in the cassette, or whose lines, have this, in any case. */
  readonly grep?: string;
  /** Only lines of these lanes (`STREAM_LANES`), and no requests. */
  readonly lanes?: ReadonlySet<string>;
  /** Heads, bodies and every event. @default false */
  readonly isComplete?: boolean;
  /** Zero values of bodies, too. @default false */
  readonly isVerbose?: boolean;
  /** Called if no line is left of all exchanges. */
  readonly onNothing?: () => void;
}

/** The lines of a cassette, without line ends. */
export async function* showCassette(cassette: CassetteWalk, options: ShowOptions): AsyncGenerator<string> {
  const { styles, isChosen = () => true, isComplete = false, lanes } = options;
  if (lanes === undefined) yield* formatHeader(cassette, styles);
  const log = new ExchangeLog({
    styles,
    isVerbose: isComplete,
    ...(lanes === undefined ? {} : { lanes }),
  });
  let count = 0;
  for await (const some of digestEntries(cassette, options)) {
    for (const { entry, exchange, digest } of some) {
      const isShown = isChosen(entry) && hasText(entry, digest, options.grep);
      const lines = isComplete && isShown ? formatWhole(exchange, digest, options) : [];
      // Not `yield*`: in an async generator that takes several turns for each line.
      for (const line of isComplete ? lines : log.add(digest, isShown)) {
        count += 1;
        yield line;
      }
    }
  }
  const last = [...log.end()];
  yield* last;
  if (count + last.length === 0) options.onNothing?.();
  if (cassette.torn !== undefined) yield styles.red(`# broken off at line ${cassette.torn.line}`);
}

/** The comments of the cassette, and where it is from. */
function* formatHeader({ file, header, preamble, entries }: CassetteWalk, styles: OutputStyles): Generator<string> {
  const comments = preamble.split("\n").filter((line) => /^#(?! yaml-language-server)/.test(line));
  for (const comment of comments) yield styles.dim(escapeToLine(comment));
  const { recorded, isUnfinished } = header;
  const facts = [recorded?.from, recorded?.at, recorded?.by, isUnfinished ? "unfinished" : undefined].filter(Boolean);
  yield styles.dim(escapeToLine(`# ${[file, formatCount(entries.length, "exchange"), ...facts].join(", ")}`));
}

function hasText(entry: CassetteEntry, digest: ExchangeDigest, grep: string | undefined): boolean {
  if (grep === undefined) return true;
  const text = grep.toLowerCase();
  const { verb, subject, detail, status, outcome, segments } = digest;
  const title = `${digest.method} ${verb} ${subject}  ${detail} -> ${status} ${outcome}`;
  return (
    title.toLowerCase().includes(text) ||
    entry.readText().toLowerCase().includes(text) ||
    segments.some(({ lines }) => lines.some((line) => line.text.toLowerCase().includes(text)))
  );
}

/** The line of the log, then the request, the response and the stream as they were. */
function* formatWhole(exchange: Exchange, digest: ExchangeDigest, options: ShowOptions): Generator<string> {
  const { styles, isVerbose = false, lanes } = options;
  const log = new ExchangeLog({ styles, isVerbose: true, ...(lanes === undefined ? {} : { lanes }) });
  const [head = "", ...lines] = [...log.add({ ...digest, name: undefined }), ...log.end()];
  if (lanes !== undefined) {
    yield* [head, ...lines].filter((line) => line !== "");
    return;
  }
  yield "";
  yield head;
  const { request, response, name, during = [] } = exchange;
  if (name !== undefined) yield formatFact(styles, "name", name);
  if (during.length > 0) yield formatFact(styles, "during", during.join(", "));
  yield formatFact(styles, "request", `${request.method} ${request.target}`);
  yield* formatPart(request.headers, request.body, isVerbose);
  if (response !== undefined) yield formatFact(styles, "response", `${response.status} ${response.reason}`.trim());
  yield* formatPart(response?.headers ?? [], response?.body, isVerbose);
  yield* lines;
}

function formatFact(styles: OutputStyles, label: string, text: string): string {
  return `     ${styles.dim(label.padEnd(9))} ${escapeToLine(text)}`;
}

function* formatPart(
  headers: readonly HeaderField[],
  body: RecordedBody | undefined,
  isVerbose: boolean,
): Generator<string> {
  const lines = [...headers.map(([name, value]) => `${name}: ${value}`), ...formatBody(body, isVerbose)];
  for (const line of lines) yield `               ${escapeToLine(line)}`;
}

function formatBody(body: RecordedBody | undefined, isVerbose: boolean): string[] {
  if (body === undefined) return [];
  if (!Buffer.isBuffer(body)) return [describeFile(body)];
  if (isTarStart(body)) return [`a tar, ${formatByteSize(body.length)}`];
  const json = parseJsonBytes(body);
  if (json === undefined) return body.toString("utf8").replace(/\n$/, "").split("\n");
  return (JSON.stringify(isVerbose ? json : (foldZeroValues(json) ?? json), null, 2) ?? "").split("\n");
}

/** Each exchange as a line of JSON (`ExchangeRecord`). */
export async function* formatRecords(cassette: CassetteWalk, options: ShowOptions): AsyncGenerator<string> {
  const { isChosen = () => true } = options;
  let count = 0;
  for await (const some of digestEntries(cassette, { ...options, isComplete: false })) {
    for (const digested of some) {
      const { entry, digest } = digested;
      if (!isChosen(entry) || !hasText(entry, digest, options.grep)) continue;
      count += 1;
      yield JSON.stringify(toExchangeRecord(digested, digest));
    }
  }
  if (count === 0) options.onNothing?.();
}
