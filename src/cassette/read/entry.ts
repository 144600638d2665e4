import { decodeUtf8 } from "../../base/bytes.ts";
import type { RecentValues } from "../../base/recent-values.ts";
import { createErrorAt, type SourceText } from "../../yaml/error-at.ts";
import type { Exchange } from "../model.ts";
import type { ByteRanges } from "./byte-ranges.ts";
import type { DocumentSpans, LineNumbers } from "./cut.ts";
import { type ExchangeHead, readExchange, readExchangeHead } from "./exchange.ts";
import { findFirstContent } from "./first-content.ts";
import { scanHead } from "./scan-head.ts";
import { type SkimmedExchange, skimExchange } from "./skim-exchange.ts";

/**
 * One exchange of a cassette, parsed when it is needed. The entry is small and may be kept: what was parsed is kept by the
 * cassette, all of it in memory, the latest in a walk.
 */
export interface CassetteEntry {
  /** Its number among the exchanges, from 0. */
  readonly index: number;
  /** The line of the file, counted from 1, where its first key stands. */
  readonly line: number;
  readonly name: string | undefined;
  readonly during: readonly string[];
  readonly method: string;
  readonly target: string;
  /** The request is known to have neither headers nor a body, without parsing it. */
  readonly isBare: boolean;
  /** The status of its response, where that stands right behind the request. @default not known without a search */
  readonly status?: number | undefined;
  /** The length of its document in bytes. */
  readonly size: number;
  /** The text of the document, without the `---` line above it. */
  readText(): string;
  /**
   * The exchange; parsed when it is not at hand.
   * @throws CassetteError with file, line and column
   */
  readExchange(): Exchange;
  /**
   * The same to look at, parsed quickly and not kept: its JSON bodies have the same values, perhaps spelled otherwise.
   * For a walk through a large cassette.
   */
  skim(): SkimmedExchange;
}

/** The exchanges of a cassette in their order: a list, or a walk that makes each anew. */
export interface EntrySequence<T extends CassetteEntry = CassetteEntry> extends Iterable<T> {
  readonly length: number;
  /** The exchange of this number, from 0; undefined if there is none. */
  at(index: number): T | undefined;
}

/** A cassette's file, cut into documents; its entries share it. */
export interface CassetteFile {
  readonly file: string;
  readonly bytes: ByteRanges;
  readonly spans: DocumentSpans;
  /** The lines on which the documents begin: only errors and reports name them, and counting takes a while. */
  readonly lines: LineNumbers;
  /** Names that may be referred to; undefined: not checked. */
  readonly names: ReadonlySet<string> | undefined;
  /** Exchanges that were parsed, by the numbers of their documents; weighed in bytes of text. */
  readonly parsed: RecentValues<number, Exchange>;
  /** Exchanges that were skimmed, by what they share with others (skim-exchange.ts). */
  readonly skimmed: Map<string, Exchange>;
}

/** The document number `number` of `file` as something to read; `names` as far as they are known. */
export function readDocumentSource(file: CassetteFile, number: number, names?: ReadonlySet<string>): SourceText {
  const { start, end } = file.spans.get(number);
  const bytes = file.bytes.subarray(start, end);
  const text = decodeUtf8(bytes);
  const source: SourceText = {
    file: file.file,
    text: text ?? bytes.toString(),
    names,
    get firstLine() {
      return file.lines.get(number);
    },
  };
  if (text === undefined) throw createUtf8Error(source);
  return source;
}

function createUtf8Error(source: SourceText): Error {
  const offset = source.text.indexOf("\ufffd");
  return createErrorAt(source, offset, "WHALESONG_CASSETTE_SYNTAX", "a cassette is UTF-8, but these bytes are not");
}

/** An entry of a file. It is a class to save memory: there may be 100,000 of them. */
export class LazyEntry implements CassetteEntry {
  readonly index: number;
  readonly name: string | undefined;
  readonly during: readonly string[];
  readonly method: string;
  readonly target: string;
  readonly isBare: boolean;
  readonly status: number | undefined;
  readonly #file: CassetteFile;

  constructor(file: CassetteFile, index: number) {
    const head = readHead(file, toDocumentNumber(index));
    this.index = index;
    this.name = head.name;
    this.during = head.during;
    this.method = head.method;
    this.target = head.target;
    this.isBare = head.isBare;
    this.status = head.status;
    this.#file = file;
  }

  get #number(): number {
    return toDocumentNumber(this.index);
  }

  get line(): number {
    return this.#file.lines.get(this.#number) + this.#countLinesAbove();
  }

  /** Most documents begin with a key, which their first byte tells. */
  #countLinesAbove(): number {
    const { start } = this.#file.spans.get(this.#number);
    if (isLetter(this.#file.bytes.subarray(start, start + 1)[0])) return 0;
    const text = this.readText();
    return text.slice(0, findFirstContent(text)).split("\n").length - 1;
  }

  get size(): number {
    const { start, end } = this.#file.spans.get(this.#number);
    return end - start;
  }

  readText(): string {
    const { start, end } = this.#file.spans.get(this.#number);
    return this.#file.bytes.subarray(start, end).toString();
  }

  readSource(): SourceText {
    return readDocumentSource(this.#file, this.#number, this.#file.names);
  }

  readExchange(): Exchange {
    const { parsed } = this.#file;
    const known = parsed.get(this.#number);
    if (known !== undefined) return known;
    const exchange = readExchange(this.readSource());
    parsed.put(this.#number, exchange, this.size);
    return exchange;
  }

  skim(): SkimmedExchange {
    return skimExchange(this.readSource(), this, this.#file.skimmed);
  }
}

/** `a` to `z` */
function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x61 && byte <= 0x7a;
}

/** The header is the first document, number 0. */
function toDocumentNumber(index: number): number {
  return index + 1;
}

function readHead(file: CassetteFile, number: number): ExchangeHead {
  return scanHead(file.bytes, file.spans.get(number)) ?? readExchangeHead(readDocumentSource(file, number));
}

/** The entries of a cassette's documents, each made when it comes and kept by none but those that look at it. */
export class EntryWalk implements EntrySequence<LazyEntry> {
  readonly length: number;
  readonly #file: CassetteFile;

  /** @param end the number of the document behind the last one */
  constructor(file: CassetteFile, end: number) {
    this.#file = file;
    this.length = end - 1;
  }

  at(index: number): LazyEntry | undefined {
    return index >= 0 && index < this.length ? new LazyEntry(this.#file, index) : undefined;
  }

  *[Symbol.iterator](): Generator<LazyEntry> {
    for (let index = 0; index < this.length; index += 1) yield new LazyEntry(this.#file, index);
  }
}
