/**
 * Opening a cassette: cut it into documents, read the header, and of each exchange only what is needed to find
 * it. All else is parsed when it is first compared.
 */
import { CassetteError } from "../base/errors.ts";
import { errorAt } from "../yaml/error-at.ts";
import type { CassetteHeader } from "./model.ts";
import { checkReferences, collectNames } from "./read/check-names.ts";
import { cutDocuments, linesAt, type Span } from "./read/cut.ts";
import { type Entry, LazyEntry, type Reel, sourceOf } from "./read/entry.ts";
import { firstContent } from "./read/first-content.ts";
import { notACassette, readHeader } from "./read/header.ts";

export type { Entry } from "./read/entry.ts";

const NEWLINE = 10;

export interface Cassette {
  /** What the file is called in complaints. */
  readonly file: string;
  readonly header: CassetteHeader;
  /** The comments above the header, which a new recording keeps. */
  readonly preamble: string;
  readonly entries: readonly Entry[];
  /** Where an unfinished cassette breaks off: its last document, which is left out. */
  readonly torn?: { readonly line: number };
}

/**
 * The cassette that `bytes` hold.
 * @throws CassetteError where the header, a name or a request line is wrong; bodies and events are not looked at
 */
export function openCassette(bytes: Buffer, file: string): Cassette {
  const whole = withoutByteOrderMark(bytes);
  const spans = documentSpans(whole, file);
  const starts = spans.map(({ start }) => start);
  const reel: Reel = { file, bytes: whole, spans, lines: linesAt(whole, starts), names: undefined };
  for (const number of spans.keys()) checkMarker(reel, number);
  const source = sourceOf(reel, 0);
  const opened = { file, header: readHeader(source), preamble: source.text.slice(0, firstContent(source.text)) };
  return { ...opened, ...(opened.header.isUnfinished ? unfinishedEntries(reel) : finishedEntries(reel)) };
}

function withoutByteOrderMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** The documents, the header first; comments may stand above a `---` above it. */
function documentSpans(bytes: Buffer, file: string): readonly Span[] {
  const spans = cutDocuments(bytes);
  const { start, end } = spans[0] as Span;
  const first = bytes.toString("latin1", start, end);
  const documents = firstContent(first) === first.length ? spans.slice(1) : spans;
  if (documents.length === 0) throw notACassette(file, "it is empty");
  return documents;
}

/** YAML lets a document begin behind its `---`; here it would be overlooked. */
function checkMarker(reel: Reel, number: number): void {
  const { marker, start } = reel.spans[number] as Span;
  if (marker === -1 || start - marker === 4) return;
  const text = reel.bytes.toString("utf8", marker, start);
  if (/^---[ \t]*(?:[ \t]#.*)?\r?\n?$/.test(text)) return;
  const source = { file: reel.file, text, firstLine: (reel.lines[number] as number) - 1 };
  throw errorAt(source, 4, "WHALESONG_CASSETTE_SYNTAX", "a document begins on the line after its `---`");
}

function finishedEntries(reel: Reel): Pick<Cassette, "entries"> {
  if (reel.bytes.at(-1) !== NEWLINE) throw notEnded(reel);
  const names = new Set<string>();
  const entries = entriesOf({ ...reel, names }, reel.spans.length);
  collectNames(entries, names);
  checkReferences(entries, names);
  return { entries };
}

function notEnded(reel: Reel): CassetteError {
  const source = sourceOf(reel, reel.spans.length - 1);
  const message = "the file ends within a line: it was cut off, or its last line end is missing";
  return errorAt(source, source.text.length, "WHALESONG_CASSETTE_SYNTAX", message);
}

/** What a recorder left behind that died: all documents but the one it was writing. References may dangle. */
function unfinishedEntries(reel: Reel): Pick<Cassette, "entries" | "torn"> {
  const last = reel.spans.length - 1;
  const torn = last > 0 && isTorn(reel, last) ? { torn: { line: reel.lines[last] as number } } : {};
  const entries = entriesOf(reel, "torn" in torn ? last : last + 1);
  collectNames(entries, new Set());
  return { entries, ...torn };
}

function isTorn(reel: Reel, number: number): boolean {
  if (reel.bytes.at(-1) !== NEWLINE) return true;
  try {
    new LazyEntry(reel, number, 0).exchange();
    return false;
  } catch (error) {
    if (error instanceof CassetteError) return true;
    throw error;
  }
}

function entriesOf(reel: Reel, end: number): readonly LazyEntry[] {
  return Array.from({ length: end - 1 }, (_, index) => new LazyEntry(reel, index + 1, index));
}
