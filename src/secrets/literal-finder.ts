/** Finds many literals in one pass: what it costs does not depend on how many there are. Text is latin1. */

/** Of the last three characters: each takes five bits, and what is older has been shifted out. */
const TRIGRAMS = 0x8000;

export function addToTrigram(trigram: number, code: number): number {
  return ((trigram << 5) ^ code) & (TRIGRAMS - 1);
}

/** Marks trigrams that are worth a second look; others may collide with them. */
export function createTrigramTable(): Uint8Array {
  return new Uint8Array(TRIGRAMS);
}

/** Larger texts are rare, and get bytes of their own. */
const SHARED_SIZE = 256 * 1024;
const shared = Buffer.allocUnsafe(SHARED_SIZE);

/** Bytes are read three times as fast as characters are. They last until the next call. */
export function readLatin1(text: string): Uint8Array {
  if (text.length > SHARED_SIZE) return Buffer.from(text, "latin1");
  shared.write(text, 0, "latin1");
  return shared;
}

/** A literal with its bytes, which are compared. */
interface SoughtLiteral {
  readonly literal: string;
  readonly bytes: Buffer;
}

/**
 * Two bytes are looked up at once, and then the next two: of the first three bytes of a literal, two lie in such a
 * pair, wherever it begins.
 */
export class LiteralFinder {
  /** Marks the pairs that the first three bytes of a literal have. */
  readonly #pairs: Uint8Array = new Uint8Array(0x10000);
  /** By their first three bytes; the longest first. */
  readonly #byStart = new Map<number, SoughtLiteral[]>();

  /** @param literals of three characters or more */
  constructor(literals: Iterable<string>) {
    for (const literal of new Set(literals)) if (isLatin1(literal)) this.#add(literal);
    for (const list of this.#byStart.values()) list.sort((a, b) => b.bytes.length - a.bytes.length);
  }

  /** Calls `onFound` for the longest literal at each place, from left to right. */
  find(text: string, onFound: (literal: string, at: number) => void): void {
    this.#find(readLatin1(text), text.length, onFound);
  }

  /** The same in bytes. */
  findInBytes(bytes: Uint8Array, onFound: (literal: string, at: number) => void): void {
    this.#find(bytes, bytes.length, onFound);
  }

  #find(bytes: Uint8Array, size: number, onFound: (literal: string, at: number) => void): void {
    const pairs = this.#pairs;
    for (let at = 0; at + 1 < size; at += 2) {
      if (pairs[toPair(bytes[at] as number, bytes[at + 1] as number)] === 0) continue;
      for (const start of [at - 1, at]) {
        const literal = this.#findAt(bytes, start, size);
        if (literal !== undefined) onFound(literal, start);
      }
    }
  }

  #findAt(bytes: Uint8Array, start: number, size: number): string | undefined {
    if (start < 0 || start + 2 >= size) return undefined;
    const known = this.#byStart.get(toTriple(bytes, start));
    return known?.find((one) => start + one.bytes.length <= size && isAt(one.bytes, bytes, start))?.literal;
  }

  #add(literal: string): void {
    const bytes = Buffer.from(literal, "latin1");
    const [first = 0, second = 0, third = 0] = bytes;
    this.#pairs[toPair(first, second)] = 1;
    this.#pairs[toPair(second, third)] = 1;
    const start = toTriple(bytes, 0);
    const known = this.#byStart.get(start);
    if (known === undefined) this.#byStart.set(start, [{ literal, bytes }]);
    else known.push({ literal, bytes });
  }
}

function toPair(first: number, second: number): number {
  return first | (second << 8);
}

function toTriple(bytes: Uint8Array, at: number): number {
  return toPair(bytes[at] as number, bytes[at + 1] as number) | ((bytes[at + 2] as number) << 16);
}

function isAt(literal: Buffer, bytes: Uint8Array, start: number): boolean {
  for (let at = 3; at < literal.length; at += 1) if (literal[at] !== bytes[start + at]) return false;
  return true;
}

/** What has other characters is in no text of latin1. */
function isLatin1(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0xff) return false;
  return true;
}
