/** What the page of `view` is given: a line of facts on the cassette, then a line for each exchange. */
import type { Exchange, RecordedResponse, StreamEvent } from "../../cassette/model.ts";
import type { BodyJson } from "../../cassette/read.ts";
import type { HeaderField } from "../../wire/http/fields.ts";
import { findUpgrade } from "../../wire/operations/leaves-http.ts";
import { type ExchangeRecord, type MessageRecord, toExchangeRecord } from "../digest/exchange-record.ts";
import type { DigestedEntry } from "../digest-entries.ts";
import { type BuildStep, listBuildSteps } from "./list-build-steps.ts";

/** A field that is not the same: JSON, or text. */
export interface PageDifference {
  readonly field: string;
  readonly recorded?: string;
  readonly got?: string;
}

/** A request of a replay that no exchange answered. */
export interface PageMiss {
  readonly method: string;
  readonly target: string;
  /** The line of the nearest exchange in the cassette. */
  readonly line?: number;
  readonly differences: readonly PageDifference[];
}

/** How the cassette differs from another one, an older recording. */
export interface PageComparison {
  /** The file of the other one. */
  readonly first: string;
  readonly sameCount: number;
  /** What the header sets for answers. */
  readonly settings: readonly PageDifference[];
  /** By the line of the exchange in this cassette. */
  readonly changed: readonly { readonly line: number; readonly differences: readonly PageDifference[] }[];
  /** The lines of exchanges that the other one has not. */
  readonly came: readonly number[];
  /** What the other one alone has, as `show` says it. */
  readonly gone: readonly string[];
}

/** The report of a replay, as far as it is about this cassette. */
export interface PageReport {
  readonly played: number;
  readonly missed: readonly PageMiss[];
  /** The lines of exchanges that were not requested. */
  readonly unplayed: readonly number[];
  readonly remarks: readonly string[];
}

export interface PageFacts {
  readonly file: string;
  /** The comments above the cassette. */
  readonly comments: readonly string[];
  /** What was recorded, when, by what. */
  readonly facts: readonly string[];
  readonly report?: PageReport;
  readonly comparison?: PageComparison;
}

/** What the list shows of an exchange. */
export interface PageRow
  extends Pick<ExchangeRecord, "number" | "line" | "method" | "verb" | "subject" | "detail" | "status" | "outcome"> {
  readonly name?: string | undefined;
  readonly container?: string | undefined;
  readonly hasFailed: boolean;
  readonly role: string;
  /** The lanes of its lines, and the kinds of its events. */
  readonly kinds: readonly string[];
  /** How its time went: pauses in ms, and names of requests or marks (`@said`) that it waited for. */
  readonly track: readonly (number | string)[];
  /** The marks of its stream, and after which of its pauses. */
  readonly marks: readonly string[];
}

/** What is read when an exchange is looked at. */
export interface PageDetail
  extends Pick<ExchangeRecord, "target" | "request" | "lines">,
    Partial<Pick<ExchangeRecord, "during" | "response" | "stream">> {
  readonly steps?: readonly BuildStep[] | undefined;
  /** Columns and rows of its terminal, where the request says them. */
  readonly size?: readonly [columns: number, rows: number];
  /** The operation, if the request leaves HTTP. */
  readonly upgrade?: string | undefined;
  /** The text of a JSON body, where `JSON.stringify` would spell it otherwise. */
  readonly sent?: string | undefined;
}

/** What has blanks between its parts, or escapes that it need not have. */
const OTHER_SPELLING = /^\s|[[{,:]\s|\s[\]},:]|\\[/u]|[\t\n\r]/;

/** Writes the lines of the page's data. */
export class PageLines {
  /** Exchanges that were skimmed share their headers with those of the same frame. */
  readonly #headers = new WeakMap<readonly HeaderField[], string>();

  /** The row, a tab, and the detail; JSON has no tabs. */
  format(digested: DigestedEntry): string {
    const record = toExchangeRecord(digested, digested.digest);
    return `${JSON.stringify(toPageRow(record, digested.exchange))}\t${this.#formatDetail(record, digested)}`;
  }

  /** The JSON of a `PageDetail`, into which that of bodies is put as it is: it is most of the page. */
  #formatDetail(record: ExchangeRecord, { exchange, operation, values }: DigestedEntry): string {
    const [sent, got] = [values.request, values.response];
    const spelled = sent && JSON.stringify(sent.value);
    // Clients in Go end JSON with a line feed, which says nothing.
    const text = sent?.text.trimEnd();
    const steps = listBuildSteps(exchange.build ?? []);
    const rest: Omit<PageDetail, "request" | "response"> = {
      target: record.target,
      during: record.during,
      stream: record.stream,
      lines: record.lines,
      steps: steps.length > 0 ? steps : undefined,
      upgrade: findUpgrade(exchange.request.method, operation),
      sent: text === spelled ? undefined : text,
    };
    const response = record.response && this.#formatMessage(record.response, got && spellJson(got));
    const messages = `"request":${this.#formatMessage(record.request, spelled)}${response === undefined ? "" : `,"response":${response}`}`;
    return `{${messages},${JSON.stringify(rest).slice(1)}`;
  }

  /** @param json that of its body, if it is JSON */
  #formatMessage({ headers, body }: MessageRecord, json: string | undefined): string {
    const head = headers && `"headers":${this.#spellHeaders(headers)}`;
    const rest = json === undefined ? body && `"body":${JSON.stringify(body)}` : `"body":{"json":${json}}`;
    return `{${head ?? ""}${head && rest ? "," : ""}${rest ?? ""}}`;
  }

  #spellHeaders(headers: readonly HeaderField[]): string {
    const known = this.#headers.get(headers);
    if (known !== undefined) return known;
    const spelled = JSON.stringify(headers);
    this.#headers.set(headers, spelled);
    return spelled;
  }
}

/** As `JSON.stringify` spells it: the page searches the text. */
function spellJson({ text, value }: BodyJson): string {
  const trimmed = text.trimEnd();
  return OTHER_SPELLING.test(trimmed) ? JSON.stringify(value) : trimmed;
}

function toPageRow(record: ExchangeRecord, { response, stream = [] }: Exchange): PageRow {
  return {
    number: record.number,
    method: record.method,
    verb: record.verb,
    subject: record.subject,
    detail: record.detail,
    status: record.status,
    outcome: record.outcome,
    hasFailed: record.hasFailed,
    role: record.role,
    line: record.line,
    name: record.name,
    container: record.container,
    kinds: listKinds(record),
    track: listTrack(response, stream),
    marks: stream.flatMap((event) => (event.kind === "mark" ? [event.name] : [])),
  };
}

function listKinds({ lines, stream = [] }: ExchangeRecord): readonly string[] {
  const kinds = new Set<string>();
  for (const { lane } of lines) kinds.add(lane);
  for (const { kind } of stream) kinds.add(kind);
  return [...kinds];
}

function listTrack(response: RecordedResponse | undefined, events: readonly StreamEvent[]): (number | string)[] {
  const track: (number | string)[] = [response?.waitMs ?? 0, ...(response?.cues ?? [])];
  for (const name of response?.untils ?? []) track.push(`@${name}`);
  for (const event of events) {
    if (event.kind === "wait") track.push(event.ms);
    else if (event.kind === "cue") track.push(event.name);
    else if (event.kind === "until") track.push(`@${event.name}`);
  }
  return track.filter((part, at) => part !== 0 || at === 0);
}
