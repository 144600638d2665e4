/**
 * Opens a cassette: cuts it into documents, reads the header, and of each exchange only what is needed to find it. The
 * rest is parsed when it is first compared.
 */
import { CassetteError } from "../base/errors.ts";
import { RecentValues } from "../base/recent-values.ts";
import { createErrorAt } from "../yaml/error-at.ts";
import type { CassetteHeader, Exchange } from "./model.ts";
import type { ByteRanges } from "./read/byte-ranges.ts";
import { checkReferences, collectNames } from "./read/check-names.ts";
import { countText, cutDocuments, type DocumentSpans, LineNumbers } from "./read/cut.ts";
import {
  type CassetteEntry,
  type CassetteFile,
  type EntrySequence,
  EntryWalk,
  LazyEntry,
  readDocumentSource,
} from "./read/entry.ts";
import { findFirstContent } from "./read/first-content.ts";
import { createNotACassetteError, readHeader } from "./read/header.ts";
import { scanStatus } from "./read/scan-status.ts";

export type { ByteRanges } from "./read/byte-ranges.ts";
export type { CassetteEntry, EntrySequence } from "./read/entry.ts";
export type { BodyJson, SkimmedBodies } from "./read/skim-exchange.ts";

/**
 * The status of an exchange's response; undefined where none came. A document that is spelled as a recorder spells it is
 * not parsed for that: one status is looked for among many exchanges.
 * @throws CassetteError for a document that has to be parsed, and cannot be
 */
export function readStatus(entry: CassetteEntry): number | undefined {
  const status = entry.status ?? scanStatus(entry.readText()) ?? entry.readExchange().response?.status;
  return status === "none" ? undefined : status;
}

const NEWLINE = 10;
/** What is compared is looked at several times in a row. */
const RECENT_SIZE = 1024 * 1024;

/** A cassette that was opened: its header, and its exchanges, each of which is parsed when it is first needed. */
export interface Cassette {
  /** The file's name in errors. */
  readonly file: string;
  readonly header: CassetteHeader;
  /** What stands above the header, comments and a `---`; a new recording keeps it. */
  readonly preamble: string;
  /** The header behind it, as it is written, up to the first exchange. */
  readonly headerText: string;
  readonly entries: readonly CassetteEntry[];
  /** How often the documents of the exchanges have a text; counted up to `most`. */
  countText(text: string, most: number): number;
  /** The last document of an unfinished cassette if it is incomplete; it is not among the entries. */
  readonly torn?: { readonly line: number };
}

/** A cassette whose exchanges are looked at one after the other, and not kept. */
export type CassetteWalk = Omit<Cassette, "entries"> & { readonly entries: EntrySequence };

/**
 * Opens a cassette in memory.
 * @param file the name in errors
 * @throws CassetteError if the header, a name or a request line is wrong; bodies and events are parsed later
 * @example
 * const { header, entries } = openCassette(readFileSync("web.yaml"), "web.yaml");
 */
export function openCassette(bytes: Buffer, file: string): Cassette {
  return openDocuments(withoutByteOrderMark(bytes), { file, keptSize: Infinity }, (walk) => [...walk]);
}

/**
 * Opens a cassette of any size: of each exchange only the place in the file is kept, and its name if it has one.
 * @param bytes the file, without a byte order mark
 * @throws CassetteError as `openCassette` does
 */
export function walkDocuments(bytes: ByteRanges, file: string): CassetteWalk {
  return openDocuments(bytes, { file, keptSize: RECENT_SIZE }, (walk) => walk);
}

type Entries = EntrySequence<LazyEntry>;
type OpenedCassette<T extends Entries> = Omit<CassetteWalk, "entries"> & { readonly entries: T };

interface OpenOptions {
  readonly file: string;
  /** Of so many bytes of documents the exchanges are kept once they are parsed. */
  readonly keptSize: number;
}

/** @param keep makes a list of the entries, or leaves them to be made whenever they are looked at */
function openDocuments<T extends Entries>(
  bytes: ByteRanges,
  { file, keptSize }: OpenOptions,
  keep: (walk: EntryWalk) => T,
): OpenedCassette<T> {
  const spans = findDocumentSpans(bytes, file);
  const cassetteFile: CassetteFile = {
    file,
    bytes,
    spans,
    lines: new LineNumbers(bytes, spans),
    names: undefined,
    parsed: new RecentValues<number, Exchange>(keptSize),
    skimmed: new Map<string, Exchange>(),
  };
  for (let number = 0; number < spans.length; number += 1) checkMarker(cassetteFile, number);
  const source = readDocumentSource(cassetteFile, 0);
  const { start, end } = spans.get(0);
  const content = findFirstContent(source.text);
  const above = bytes.subarray(0, start).toString();
  const texts = { preamble: above + source.text.slice(0, content), headerText: source.text.slice(content) };
  const countIn = (text: string, most: number): number => countText(bytes, Buffer.from(text), { from: end, most });
  const opened = { file, header: readHeader(source), ...texts, countText: countIn };
  return {
    ...opened,
    ...(opened.header.isUnfinished ? readUnfinished(cassetteFile, keep) : readFinished(cassetteFile, keep)),
  };
}

function withoutByteOrderMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** The documents, the header first. Comments may precede the header's `---`. */
function findDocumentSpans(bytes: ByteRanges, file: string): DocumentSpans {
  const spans = cutDocuments(bytes);
  const { start, end } = spans.get(0);
  const first = bytes.subarray(start, end).toString("latin1");
  const documents = findFirstContent(first) === first.length ? spans.skipFirst() : spans;
  if (documents.length === 0) throw createNotACassetteError(file, "it is empty");
  return documents;
}

/** YAML lets a document begin on the line of its `---`; here it would be overlooked. */
function checkMarker(cassetteFile: CassetteFile, number: number): void {
  const { marker, start } = cassetteFile.spans.get(number);
  if (marker === -1 || start - marker === 4) return;
  const text = cassetteFile.bytes.subarray(marker, start).toString();
  if (/^---[ \t]*(?:[ \t]#.*)?\r?\n?$/.test(text)) return;
  const source = { file: cassetteFile.file, text, firstLine: cassetteFile.lines.get(number) - 1 };
  throw createErrorAt(source, 4, "WHALESONG_CASSETTE_SYNTAX", "a document begins on the line after its `---`");
}

type ReadEntries<T extends Entries> = Pick<OpenedCassette<T>, "torn" | "entries">;

function readFinished<T extends Entries>(cassetteFile: CassetteFile, keep: (walk: EntryWalk) => T): ReadEntries<T> {
  if (!isLastLineEnded(cassetteFile)) throw createUnendedError(cassetteFile);
  const names = new Set<string>();
  const entries = keep(new EntryWalk({ ...cassetteFile, names }, cassetteFile.spans.length));
  checkReferences(entries, collectNames(entries, names), names);
  return { entries };
}

function createUnendedError(cassetteFile: CassetteFile): CassetteError {
  const source = readDocumentSource(cassetteFile, cassetteFile.spans.length - 1);
  const message = "the file ends within a line: it was cut off, or its last line end is missing";
  return createErrorAt(source, source.text.length, "WHALESONG_CASSETTE_SYNTAX", message);
}

/** The entries that a dead recorder left: all documents except the one it was writing. References may dangle. */
function readUnfinished<T extends Entries>(cassetteFile: CassetteFile, keep: (walk: EntryWalk) => T): ReadEntries<T> {
  const last = cassetteFile.spans.length - 1;
  const torn = last > 0 && isTorn(cassetteFile, last) ? { torn: { line: cassetteFile.lines.get(last) } } : {};
  const entries = keep(new EntryWalk(cassetteFile, "torn" in torn ? last : last + 1));
  collectNames(entries, new Set());
  return { entries, ...torn };
}

function isTorn(cassetteFile: CassetteFile, number: number): boolean {
  if (!isLastLineEnded(cassetteFile)) return true;
  try {
    new LazyEntry(cassetteFile, number - 1).readExchange();
    return false;
  } catch (error) {
    if (error instanceof CassetteError) return true;
    throw error;
  }
}

function isLastLineEnded({ bytes }: CassetteFile): boolean {
  return bytes.subarray(Math.max(0, bytes.length - 1), bytes.length)[0] === NEWLINE;
}
