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

/** The literals with one beginning. There may be thousands: a test makes a secret for each of its users. */
interface LiteralBucket {
  /** Longest first. */
  readonly lengths: number[];
  readonly byLength: Map<number, Set<string>>;
}

/**
 * Two bytes are looked up at once, and then the next two: of the first three bytes of a literal, two lie in such a
 * pair, wherever it begins.
 */
export class LiteralFinder {
  /** Marks the pairs that the first three bytes of a literal have. */
  readonly #pairs: Uint8Array = new Uint8Array(0x10000);
  /** By their first three bytes. */
  readonly #byStart = new Map<number, LiteralBucket>();

  /** @param literals of three characters or more */
  constructor(literals: Iterable<string>) {
    for (const literal of literals) this.add(literal);
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
    const bucket = this.#byStart.get(toTriple(bytes, start));
    if (bucket === undefined) return undefined;
    const text = toLatin1(bytes, start, Math.min(start + (bucket.lengths[0] ?? 0), size));
    for (const length of bucket.lengths) {
      const literal = text.slice(0, length);
      if (bucket.byLength.get(length)?.has(literal) === true) return literal;
    }
    return undefined;
  }

  /** Looks for this one, too, from now on. */
  add(literal: string): void {
    if (!isLatin1(literal)) return;
    const bytes = Buffer.from(literal.slice(0, 3), "latin1");
    const [first = 0, second = 0, third = 0] = bytes;
    this.#pairs[toPair(first, second)] = 1;
    this.#pairs[toPair(second, third)] = 1;
    const start = toTriple(bytes, 0);
    const bucket = this.#byStart.get(start) ?? { lengths: [], byLength: new Map<number, Set<string>>() };
    this.#byStart.set(start, bucket);
    addToBucket(bucket, literal);
  }
}

function addToBucket({ lengths, byLength }: LiteralBucket, literal: string): void {
  const known = byLength.get(literal.length);
  if (known !== undefined) {
    known.add(literal);
    return;
  }
  byLength.set(literal.length, new Set([literal]));
  lengths.push(literal.length);
  lengths.sort((a, b) => b - a);
}

function toLatin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

function toPair(first: number, second: number): number {
  return first | (second << 8);
}

function toTriple(bytes: Uint8Array, at: number): number {
  return toPair(bytes[at] as number, bytes[at + 1] as number) | ((bytes[at + 2] as number) << 16);
}

/** What has other characters is in no text of latin1. */
function isLatin1(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0xff) return false;
  return true;
}
