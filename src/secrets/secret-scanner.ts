/**
 * Searches what is to be written, or was, for secrets that are still in it: tokens of a known shape, values that are
 * known, patterns of one's own. It shares the tables of the rules and none of their decisions. Text is latin1.
 */
import { LiteralFinder } from "./literal-finder.ts";
import { isPlaceholder } from "./placeholders.ts";
import { matchShape, SHAPE_OF } from "./token-shapes.ts";

export interface ScannedSecret {
  readonly start: number;
  readonly end: number;
  /** What it is: `GitHub token`, `known value`, `pattern of yours`. */
  readonly what: string;
}

/** Digests are hexadecimal, and shorter ones hold no token. */
const BASE64 = /(?<![A-Za-z0-9+/])(?![0-9a-f]+(?![A-Za-z0-9+/]))[A-Za-z0-9+/]{32,}={0,2}/g;
/** A secret is no longer than this. */
const OVERLAP = 16 * 1024;
/** More in one file are not listed. */
export const MOST_HITS = 100;

export class SecretScanner {
  readonly #literals: LiteralFinder;
  readonly #patterns: readonly RegExp[];

  /**
   * @param values in all encodings that are looked for
   * @param patterns with the flag `g`
   */
  constructor(values: Iterable<string> = [], patterns: readonly RegExp[] = []) {
    this.#literals = new LiteralFinder([...SHAPE_OF.keys(), ...values]);
    this.#patterns = patterns;
  }

  find(text: string): ScannedSecret[] {
    const found: ScannedSecret[] = [];
    this.#literals.find(text, (literal, at) => {
      const shape = SHAPE_OF.get(literal);
      const range = shape === undefined ? { start: at, end: at + literal.length } : matchShape(text, at, shape);
      if (range !== undefined) found.push({ ...range, what: shape?.name ?? "known value" });
    });
    for (const pattern of this.#patterns) {
      for (const { index, 0: match } of text.matchAll(pattern))
        found.push({ start: index, end: index + match.length, what: "pattern of yours" });
    }
    return found.filter(({ start, end }) => end > start && !isPlaceholder(text.slice(start, end)));
  }

  /** Also those in what the text has in base64; they are where it begins. */
  findEncoded(text: string): ScannedSecret[] {
    const found = [...text.matchAll(BASE64)].flatMap(({ index, 0: encoded }) => {
      const inner = this.find(Buffer.from(encoded, "base64").toString("latin1"));
      return inner.map(({ what }) => ({ start: index, end: index + encoded.length, what: `${what} in base64` }));
    });
    return [...this.find(text), ...found].sort((one, other) => one.start - other.start);
  }

  /** Those of a long text that comes in pieces, by their places in the whole of it. */
  async findInPieces(pieces: AsyncIterable<Buffer>): Promise<readonly ScannedSecret[]> {
    const found = new Map<number, ScannedSecret>();
    let [last, offset] = ["", 0];
    for await (const piece of pieces) {
      const text = last + piece.toString("latin1");
      for (const { start, end, what } of this.find(text))
        found.set(offset + start, { start: offset + start, end: offset + end, what });
      last = text.slice(-OVERLAP);
      offset += text.length - last.length;
      if (found.size >= MOST_HITS) break;
    }
    return [...found.values()];
  }
}
