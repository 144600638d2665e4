import { utf8Text } from "../../base/bytes.ts";
import { errorAt, type Source } from "../../yaml/error-at.ts";
import type { Exchange } from "../model.ts";
import type { Span } from "./cut.ts";
import { type ExchangeHead, readExchange, readExchangeHead } from "./exchange.ts";
import { firstContent } from "./first-content.ts";
import { scanHead } from "./scan-head.ts";

/** One exchange of a cassette, parsed when it is first needed. */
export interface Entry {
  /** Its number among the exchanges, from 0. */
  readonly index: number;
  /** The line of the file, counted from 1, where its first key stands. */
  readonly line: number;
  readonly name: string | undefined;
  readonly during: readonly string[];
  readonly method: string;
  readonly target: string;
  /** The document as it stands in the file, without the `---` line above it. */
  text(): string;
  /**
   * What the document tells; parsed on first use.
   * @throws CassetteError with file, line and column
   */
  exchange(): Exchange;
}

/** What the entries of one file share. */
export interface Reel {
  readonly file: string;
  readonly bytes: Buffer;
  readonly spans: readonly Span[];
  /** The lines on which the documents begin. */
  readonly lines: readonly number[];
  /** Names that may be referred to; undefined: not checked. */
  readonly names: ReadonlySet<string> | undefined;
}

/** The document number `number` of `reel` as something to read; `names` as far as they are known. */
export function sourceOf(reel: Reel, number: number, names?: ReadonlySet<string>): Source {
  const span = reel.spans[number] as Span;
  const bytes = reel.bytes.subarray(span.start, span.end);
  const text = utf8Text(bytes);
  const source = { file: reel.file, firstLine: reel.lines[number] as number, text: text ?? bytes.toString(), names };
  if (text === undefined) throw notUtf8(source);
  return source;
}

function notUtf8(source: Source): Error {
  const offset = source.text.indexOf("\ufffd");
  return errorAt(source, offset, "WHALESONG_CASSETTE_SYNTAX", "a cassette is UTF-8, but these bytes are not");
}

/** The entry told by document number `number`. A class for the sake of memory: there may be 100,000 of them. */
export class LazyEntry implements Entry {
  readonly index: number;
  readonly name: string | undefined;
  readonly during: readonly string[];
  readonly method: string;
  readonly target: string;
  readonly #reel: Reel;
  readonly #number: number;
  #exchange: Exchange | undefined;

  constructor(reel: Reel, number: number, index: number) {
    const head = headOf(reel, number);
    this.index = index;
    this.name = head.name;
    this.during = head.during;
    this.method = head.method;
    this.target = head.target;
    this.#reel = reel;
    this.#number = number;
  }

  get line(): number {
    const text = this.text();
    const above = text.slice(0, firstContent(text)).split("\n").length - 1;
    return (this.#reel.lines[this.#number] as number) + above;
  }

  text(): string {
    const { start, end } = this.#reel.spans[this.#number] as Span;
    return this.#reel.bytes.toString("utf8", start, end);
  }

  source(): Source {
    return sourceOf(this.#reel, this.#number, this.#reel.names);
  }

  exchange(): Exchange {
    this.#exchange ??= readExchange(this.source());
    return this.#exchange;
  }
}

function headOf(reel: Reel, number: number): ExchangeHead {
  return scanHead(reel.bytes, reel.spans[number] as Span) ?? readExchangeHead(sourceOf(reel, number));
}
