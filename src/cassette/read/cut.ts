/**
 * Where the documents of a cassette begin and end. YAML forbids `---` in the first column inside any scalar, so that
 * searching for it cuts exactly; it takes milliseconds where parsing takes minutes (100 MB).
 */
export interface DocumentSpan {
  /** Where the marker line begins; -1 for a first document without one. */
  readonly marker: number;
  /** The first byte after the marker line. */
  readonly start: number;
  /** The first byte of the next marker line, or the end of the file. */
  readonly end: number;
}

const MARKER = Buffer.from("\n---");
const NEWLINE = 10;

export function cutDocuments(bytes: Buffer): readonly DocumentSpan[] {
  const spans: DocumentSpan[] = [];
  let open = isMarkerAt(bytes, 0) ? 0 : -1;
  for (let next = findNextMarker(bytes, 0); ; next = findNextMarker(bytes, next)) {
    const end = next === -1 ? bytes.length : next;
    spans.push({ marker: open, start: open === -1 ? 0 : skipLine(bytes, open), end });
    if (next === -1) return spans;
    open = next;
  }
}

/** The first marker line after `from`, or -1. */
function findNextMarker(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(MARKER, from); at !== -1; at = bytes.indexOf(MARKER, at + 1)) {
    if (isMarkerAt(bytes, at + 1)) return at + 1;
  }
  return -1;
}

/** `---` and a blank or the line's end: `----` or `---x` is text. */
function isMarkerAt(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== 45 || bytes[at + 1] !== 45 || bytes[at + 2] !== 45) return false;
  const next = bytes[at + 3];
  return next === undefined || next === NEWLINE || next === 13 || next === 32 || next === 9;
}

function skipLine(bytes: Buffer, at: number): number {
  const newline = bytes.indexOf(NEWLINE, at);
  return newline === -1 ? bytes.length : newline + 1;
}

/** The lines, counted from 1, on which `offsets` (ascending) stand. */
export function findLineNumbers(bytes: Buffer, offsets: readonly number[]): readonly number[] {
  let line = 1;
  let at = 0;
  return offsets.map((offset) => {
    for (let next = bytes.indexOf(NEWLINE, at); next !== -1 && next < offset; next = bytes.indexOf(NEWLINE, at)) {
      line += 1;
      at = next + 1;
    }
    return line;
  });
}
