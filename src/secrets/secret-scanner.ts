/**
 * Searches what is to be written, or was, for secrets that are still in it: tokens of a known shape, values that are
 * known, patterns of one's own. It shares the tables of the rules and none of their decisions. Text is latin1.
 */
import { LiteralFinder } from "./literal-finder.ts";
import { LONGEST_SECRET } from "./longest-secret.ts";
import { findNamedSettings } from "./named-settings.ts";
import { isPlaceholder } from "./placeholders.ts";
import { matchShape, SHAPE_OF } from "./token-shapes.ts";

export interface ScannedSecret {
  readonly start: number;
  readonly end: number;
  /** What it is: `GitHub token`, `known value`, `pattern of yours`; the name of a setting that tells. */
  readonly what: string;
}

/** Digests are hexadecimal, and shorter ones hold no token. `{n}` and `*`: see redactor.ts. */
const BASE64 = /(?<![A-Za-z0-9+/])(?![0-9a-f]+(?![A-Za-z0-9+/]))[A-Za-z0-9+/]{32}[A-Za-z0-9+/]*={0,2}/g;
/** More in one file are not listed. */
export const MOST_HITS = 100;

export interface ScannerOptions {
  /** Those that are known, in all encodings that are looked for. @default none */
  readonly values?: Iterable<string>;
  /** With the flag `g`. @default none */
  readonly patterns?: readonly RegExp[];
  /**
   * Whether a value is found whose name tells, too, such as `DB_PASSWORD=...` in a log. A guess: people are told, and a
   * recording is not refused for it. @default false
   */
  readonly findsNamed?: boolean;
}

export class SecretScanner {
  readonly #literals: LiteralFinder;
  readonly #patterns: readonly RegExp[];
  readonly #findsNamed: boolean;

  constructor({ values = [], patterns = [], findsNamed = false }: ScannerOptions = {}) {
    this.#literals = new LiteralFinder([...SHAPE_OF.keys(), ...values]);
    this.#patterns = patterns;
    this.#findsNamed = findsNamed;
  }

  find(text: string): ScannedSecret[] {
    const found: ScannedSecret[] = [];
    this.#literals.find(text, (literal, at) => found.push(...describeLiteral(literal, text, at)));
    const all = [...found, ...this.#findPatterns(text)].filter(({ start, end }) => isSecret(text.slice(start, end)));
    return this.#addNamed(text, all);
  }

  /** Also those in what the text has in base64; they are where it begins. */
  findEncoded(text: string): ScannedSecret[] {
    const found = [...text.matchAll(BASE64)].flatMap(({ index, 0: encoded }) => {
      const inner = this.find(Buffer.from(encoded, "base64").toString("latin1"));
      return inner.map(({ what }) => ({ start: index, end: index + encoded.length, what: `${what} in base64` }));
    });
    return [...this.find(text), ...found].sort((one, other) => one.start - other.start);
  }

  /**
   * Those of a long text that comes in pieces, by their places in the whole of it. No piece is needed after the next
   * one was asked for.
   */
  async findInPieces(pieces: AsyncIterable<Buffer>): Promise<readonly ScannedSecret[]> {
    const found = new Map<number, ScannedSecret>();
    let [window, kept, offset] = [Buffer.alloc(0), 0, 0];
    for await (const piece of pieces) {
      const size = kept + piece.length;
      if (size > window.length) window = Buffer.concat([window.subarray(0, kept)], size);
      piece.copy(window, kept);
      for (const { start, end, what } of this.#findInBytes(window.subarray(0, size)))
        found.set(offset + start, { start: offset + start, end: offset + end, what });
      kept = Math.min(size, LONGEST_SECRET);
      window.copyWithin(0, size - kept, size);
      offset += size - kept;
      if (found.size >= MOST_HITS) break;
    }
    return [...found.values()];
  }

  /** Only what may be a secret becomes text. */
  #findInBytes(bytes: Buffer): ScannedSecret[] {
    const found: ScannedSecret[] = [];
    this.#literals.findInBytes(bytes, (literal, at) => {
      const text = bytes.toString("latin1", at, at + LONGEST_SECRET);
      for (const { start, end, what } of describeLiteral(literal, text, 0))
        if (isSecret(text.slice(start, end))) found.push({ start: at + start, end: at + end, what });
    });
    if (this.#patterns.length === 0 && !this.#findsNamed) return found;
    const text = bytes.toString("latin1");
    const own = this.#findPatterns(text).filter(({ start, end }) => isSecret(text.slice(start, end)));
    return this.#addNamed(text, [...found, ...own]);
  }

  /** A token that has a name as well is one secret. */
  #addNamed(text: string, found: readonly ScannedSecret[]): ScannedSecret[] {
    if (!this.#findsNamed) return [...found];
    const named = findNamedSettings(text).filter(
      ({ start, end }) => !found.some((other) => other.start < end && start < other.end),
    );
    return [...found, ...named];
  }

  #findPatterns(text: string): ScannedSecret[] {
    const matches = this.#patterns.flatMap((pattern) => [...text.matchAll(pattern)]);
    return matches.map(({ index, 0: match }) => ({
      start: index,
      end: index + match.length,
      what: "pattern of yours",
    }));
  }
}

/** What a literal at a place is: a value that is known, or the beginning of a token; nothing if it only begins so. */
function describeLiteral(literal: string, text: string, at: number): readonly ScannedSecret[] {
  const shape = SHAPE_OF.get(literal);
  if (shape === undefined) return [{ start: at, end: at + literal.length, what: "known value" }];
  const range = matchShape(text, at, shape);
  return range === undefined ? [] : [{ ...range, what: shape.name }];
}

function isSecret(text: string): boolean {
  return text !== "" && !isPlaceholder(text);
}
