/**
 * Where the documents of a cassette begin and end. YAML forbids `---` in the first column inside any scalar, so that
 * searching for it cuts exactly; it takes milliseconds where parsing takes minutes (100 MB).
 */
import type { ByteRanges } from "./byte-ranges.ts";

export interface DocumentSpan {
  /** Where the marker line begins; -1 for a first document without one. */
  readonly marker: number;
  /** The first byte after the marker line. */
  readonly start: number;
  /** The first byte of the next marker line, or the end of the file. */
  readonly end: number;
}

const MARKER = Buffer.from("\n---");
/** A marker, and the byte behind it that tells it from text. */
const MARKER_ROOM = MARKER.length + 1;
const NEWLINE = 10;
/** A file is searched in pieces of this size. */
const PIECE = 256 * 1024;
/** A marker line is sought in so much. */
const SHORT_LINE = 64;

/** The documents of a file, in their order: one number is kept for each. */
export class DocumentSpans {
  readonly #bytes: ByteRanges;
  readonly #markers: readonly number[];
  readonly #long: ReadonlySet<number>;

  /** @param long the markers that have more on their line than `---` */
  constructor(bytes: ByteRanges, markers: readonly number[], long: ReadonlySet<number>) {
    this.#bytes = bytes;
    this.#markers = markers;
    this.#long = long;
  }

  get length(): number {
    return this.#markers.length;
  }

  /** @param number from 0, less than `length` */
  get(number: number): DocumentSpan {
    const marker = this.#markers[number] as number;
    return { marker, start: this.#skipMarker(marker), end: this.#markers[number + 1] ?? this.#bytes.length };
  }

  #skipMarker(marker: number): number {
    if (marker === -1) return 0;
    return this.#long.has(marker) ? skipLine(this.#bytes, marker) : marker + MARKER.length;
  }

  /** The same without the first document. */
  skipFirst(): DocumentSpans {
    return new DocumentSpans(this.#bytes, this.#markers.slice(1), this.#long);
  }

  *[Symbol.iterator](): Generator<DocumentSpan> {
    for (let number = 0; number < this.length; number += 1) yield this.get(number);
  }
}

/** The documents of `bytes`; what stands before the first marker line is one, too. */
export function cutDocuments(bytes: ByteRanges): DocumentSpans {
  const begin = bytes.subarray(0, Math.min(MARKER_ROOM, bytes.length));
  const [markers, long] = [[isMarkerAt(begin, 0) ? 0 : -1], new Set<number>()];
  if (!isShortLine(begin, 0)) long.add(0);
  for (let from = 0; from < bytes.length; from += PIECE) {
    const piece = bytes.subarray(from, Math.min(from + PIECE + MARKER_ROOM, bytes.length));
    for (let at = piece.indexOf(MARKER); at !== -1 && at < PIECE; at = piece.indexOf(MARKER, at + 1)) {
      if (!isMarkerAt(piece, at + 1)) continue;
      markers.push(from + at + 1);
      if (!isShortLine(piece, at + 1)) long.add(from + at + 1);
    }
  }
  return new DocumentSpans(bytes, markers, long);
}

/** Documents are looked at together up to this size: each look has its price. */
const BATCH = 256 * 1024;

/** The bytes in their order, some documents at a time, and no document in two. They last until the next ones. */
export function* batchDocuments(bytes: ByteRanges): Generator<Buffer> {
  let from = 0;
  for (const { end } of cutDocuments(bytes)) {
    if (end - from < BATCH && end < bytes.length) continue;
    yield bytes.subarray(from, end);
    from = end;
  }
}

/** `---` and a blank or the line's end: `----` or `---x` is text. */
function isMarkerAt(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== 45 || bytes[at + 1] !== 45 || bytes[at + 2] !== 45) return false;
  const next = bytes[at + 3];
  return next === undefined || next === NEWLINE || next === 13 || next === 32 || next === 9;
}

/** Whether a marker's line ends right behind it; most do. */
function isShortLine(bytes: Buffer, marker: number): boolean {
  return bytes[marker + MARKER.length - 1] === NEWLINE;
}

function skipLine(bytes: ByteRanges, at: number): number {
  for (let room = SHORT_LINE; ; room *= SHORT_LINE) {
    const end = Math.min(at + room, bytes.length);
    const newline = bytes.subarray(at, end).indexOf(NEWLINE);
    if (newline !== -1) return at + newline + 1;
    if (end === bytes.length) return end;
  }
}

/** The lines on which documents begin. They are counted as far as one is asked for: a miss names two early ones. */
export class LineNumbers {
  readonly #bytes: ByteRanges;
  readonly #spans: DocumentSpans;
  readonly #lines: number[] = [];
  #at = 0;
  #line = 1;

  constructor(bytes: ByteRanges, spans: DocumentSpans) {
    this.#bytes = bytes;
    this.#spans = spans;
  }

  /** @returns counted from 1 */
  get(number: number): number {
    while (this.#lines.length <= number) {
      this.#countTo(this.#spans.get(this.#lines.length).start);
      this.#lines.push(this.#line);
    }
    return this.#lines[number] as number;
  }

  #countTo(end: number): void {
    for (; this.#at < end; this.#at = Math.min(this.#at + PIECE, end)) {
      this.#line += countNewlines(this.#bytes.subarray(this.#at, Math.min(this.#at + PIECE, end)));
    }
  }
}

/** How often `text` is in the bytes from `from` on; counted up to `most`. */
export function countText(
  bytes: ByteRanges,
  text: Buffer,
  { from, most }: { readonly from: number; readonly most: number },
): number {
  let count = 0;
  for (let start = from; start + text.length <= bytes.length && count < most; ) {
    const piece = bytes.subarray(start, Math.min(start + PIECE + text.length, bytes.length));
    let rest = 0;
    for (let at = piece.indexOf(text); at !== -1 && count < most; at = piece.indexOf(text, rest)) {
      count += 1;
      rest = at + text.length;
    }
    // The end of a piece may be the beginning of the text.
    start += Math.max(rest, piece.length - text.length + 1);
  }
  return count;
}

export function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
