/**
 * A session that is recorded again: what only the daemon made anew keeps its old value, and a document that means what
 * the old one means keeps its old text. A value is put back everywhere or nowhere, so that the cassette stays one
 * session (docs/decisions/0030-a-second-recording-keeps-old-values.md).
 */
import { checkCassette } from "../cassette/check.ts";
import type { Exchange } from "../cassette/model.ts";
import { type Cassette, type CassetteWalk, openCassette } from "../cassette/read.ts";
import { listSidecars } from "../cassette/sidecars.ts";
import { formatExchange, formatHeader } from "../cassette/write.ts";
import { toRole } from "../match/resources.ts";
import { type ComparedRecording, findEntry } from "../match/suggest/compared-request.ts";
import { parseOperation } from "../wire/operations/operation.ts";
import { mergeMadeValues } from "./merge-made-values.ts";
import { type ExchangePair, isSameExchange, type PairedRecordings, pairRecordings } from "./pair-recordings.ts";
import { collectOpaqueValues, listOpaqueBytes, restoreExchange } from "./restore-exchange.ts";
import { collectValues } from "./session-values.ts";
import { type PlannedDocument, settleDocuments } from "./settle-documents.ts";
import type { ValueMap } from "./value-map.ts";

/** Where the values within sidecars are looked for. Beyond this, a file is taken to have none. */
const SEARCHED_SIZE = 64 * 1024 * 1024;

/** What a recorder has written, before it replaces the old cassette. */
export interface FreshRecording {
  readonly headerText: string;
  /** In the order of the requests, without comments; when each was requested, and when it had ended. */
  readonly documents: readonly {
    readonly text: string;
    readonly span: { readonly from: number; readonly to: number };
  }[];
  /** The bytes of a sidecar of this recording. */
  readonly read: ComparedRecording["pieces"];
  /** Adds the comments that list the contents of tars. */
  annotate(document: string): string;
}

export interface CassetteText {
  readonly headerText: string;
  readonly documents: readonly string[];
}

/**
 * The text of the new cassette. Where old and new values cannot be told apart, all is as recorded.
 * @throws CassetteError if a document of the old cassette is wrong
 */
export async function rerecord(old: ComparedRecording, fresh: FreshRecording): Promise<CassetteText> {
  const asRecorded = {
    headerText: fresh.headerText,
    documents: fresh.documents.map(({ text }) => fresh.annotate(text)),
  };
  const cassette = openText(
    fresh.headerText,
    fresh.documents.map(({ text }) => text),
  );
  const paired = await pairRecordings(old, { cassette, pieces: fresh.read });
  const documents = await new Rerecording(old, fresh, cassette, paired).write();
  const headerText = chooseHeader(old.cassette, cassette, documents) ?? fresh.headerText;
  const isGood = checkCassette(openText(headerText, documents)).length === 0;
  return isGood ? { headerText, documents } : asRecorded;
}

function openText(headerText: string, documents: readonly string[]): Cassette {
  return openCassette(Buffer.from(headerText + documents.join("")), "new recording");
}

/** A recording that says what the old one says keeps the day of the old one. */
function chooseHeader(old: CassetteWalk, fresh: Cassette, documents: readonly string[]): string | undefined {
  if (old.entries.length !== documents.length) return undefined;
  for (const entry of old.entries) if (`---\n${entry.readText()}` !== documents[entry.index]) return undefined;
  const { at, by } = old.header.recorded ?? {};
  const dated = { ...fresh.header.recorded, ...(at === undefined ? {} : { at }), ...(by === undefined ? {} : { by }) };
  const header = { ...fresh.header, recorded: dated };
  const isSame = formatHeader(header) === formatHeader(old.header);
  return isSame ? old.headerText : undefined;
}

class Rerecording {
  readonly #old: ComparedRecording;
  readonly #fresh: FreshRecording;
  readonly #cassette: Cassette;
  readonly #paired: PairedRecordings;
  readonly #pairByIndex: ReadonlyMap<number, ExchangePair>;

  constructor(old: ComparedRecording, fresh: FreshRecording, cassette: Cassette, paired: PairedRecordings) {
    this.#old = old;
    this.#fresh = fresh;
    this.#cassette = cassette;
    this.#paired = paired;
    this.#pairByIndex = new Map(paired.pairs.map((pair) => [pair.got, pair]));
  }

  async write(): Promise<readonly string[]> {
    const { values, kept } = await this.#chooseValues();
    const plans = await Promise.all(this.#cassette.entries.map(({ index }) => this.#plan(index, values, kept)));
    return settleDocuments(plans, this.#old.cassette).map(({ text, exchange }) => text ?? this.#format(exchange));
  }

  /** Values in the sidecars of documents that are written anew stay as they are; so which are written is asked again. */
  async #chooseValues(): Promise<{ readonly values: ValueMap; readonly kept: ReadonlySet<number> }> {
    const votes = await this.#paired.collectVotes();
    const inUse = collectValues(this.#cassette);
    const opaque = new Set<string>();
    for (;;) {
      const values = votes.settle(
        (value) => inUse.has(value),
        (fresh) => isAmong(opaque, fresh),
      );
      const kept = new Set<number>();
      for (const pair of this.#paired.pairs) {
        if (await isSameExchange(this.#paired, pair, values)) kept.add(pair.got);
      }
      const { size } = opaque;
      for (const { index } of this.#cassette.entries) if (!kept.has(index)) await this.#searchOpaque(index, opaque);
      if (opaque.size === size) return { values, kept };
    }
  }

  async #searchOpaque(index: number, into: Set<string>): Promise<void> {
    const exchange = this.#readFresh(index);
    for (const bytes of listOpaqueBytes(exchange)) collectOpaqueValues(bytes, into);
    for (const sidecar of listSidecars(exchange)) {
      if (sidecar.size > SEARCHED_SIZE) continue;
      for await (const piece of this.#fresh.read(sidecar)) collectOpaqueValues(piece, into);
    }
  }

  async #plan(index: number, values: ValueMap, kept: ReadonlySet<number>): Promise<PlannedDocument> {
    const pair = this.#pairByIndex.get(index);
    const exchange = this.#readFresh(index);
    const { method, target } = exchange.request;
    const role = toRole(method, parseOperation(method, target));
    const { span } = this.#fresh.documents[index] as FreshRecording["documents"][number];
    const place = { role, span, isPing: isPing(method, target) };
    if (pair === undefined)
      return { ...place, exchange: restoreExchange(exchange, values), old: undefined, isKept: false };
    const old = findEntry(this.#old, pair.recorded);
    const restored = this.#mergeBody(pair, restoreExchange(exchange, values), values);
    return { ...place, exchange: restored, old, isKept: kept.has(index) };
  }

  #mergeBody(pair: ExchangePair, exchange: Exchange, values: ValueMap): Exchange {
    const [was, is] = [findEntry(this.#old, pair.recorded).readExchange().response, exchange.response];
    if (is === undefined || !Buffer.isBuffer(was?.body) || !Buffer.isBuffer(is.body)) return exchange;
    const body = mergeMadeValues(was.body, is.body, { ...this.#paired.createContext(pair, values), isStrict: true });
    return { ...exchange, response: { ...is, body } };
  }

  #readFresh(index: number): Exchange {
    return (this.#cassette.entries[index] as Cassette["entries"][number]).readExchange();
  }

  #format(exchange: Exchange): string {
    return this.#fresh.annotate(formatExchange(exchange));
  }
}

function isAmong(opaque: ReadonlySet<string>, fresh: string): boolean {
  const value = fresh.replace(/^sha256:/, "");
  if (opaque.has(value)) return true;
  return value.length === 12 && [...opaque].some((each) => each.startsWith(value));
}

function isPing(method: string, target: string): boolean {
  return method === "HEAD" && target.endsWith("/_ping");
}
