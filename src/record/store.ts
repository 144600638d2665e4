import type { UsageError } from "../base/errors.ts";
import type { SidecarRef } from "../cassette/model.ts";
import type { ByteRanges } from "../cassette/read.ts";

/** A sidecar being written. What was written survives a kill -9 when `finish` has returned. */
export interface SidecarWriter {
  readonly size: number;
  write(bytes: Buffer): void;
  /**
   * Gives the sidecar its lasting name: `<cassette>/<label>-<first 8 hex of its sha256><extension>`.
   * Equal content under an equal label is stored once. A large one has no digest yet, and 16 other digits in its name.
   */
  finish(label: string, extension: string): SidecarRef;
  /** Forgets what was written. */
  discard(): void;
  /** What was written so far, in pieces of at most 256 KiB. */
  pieces(): Iterable<Buffer>;
}

/** Why a cassette must not be written. */
export interface CassetteRefusal {
  readonly problem: UsageError;
  /** Its text, fit to be looked at, in pieces; each is made when it is asked for. */
  readonly shown: Iterable<Buffer>;
}

/** Looks at all of a cassette before it is put in place. `file` is its name. */
export type InspectCassette = (text: ByteRanges, file: string) => CassetteRefusal | undefined;

/** The last look at a cassette before it is put in place. */
export interface CassetteCheck {
  readonly inspect: InspectCassette;
  /** The documents of an older recording, which are kept, without what is known by now. */
  maskText(documents: string): string;
}

/** The latest documents: they were held and could not be written. */
export interface LostDocuments {
  readonly count: number;
  readonly problem: unknown;
}

/**
 * Where a recording goes; io/ implements it on disk, tests in memory. Everything is synchronous on purpose: what
 * has been handed over survives a kill -9 of the recorder, and what is held does once it is flushed.
 */
export interface RecordingStore {
  /** Writes the header document. May be called again as long as nothing was appended. */
  begin(headerText: string): void;
  /** Appends one whole exchange document, given in pieces; returns its number, counted from 0. */
  append(pieces: Iterable<string | Buffer>): number;
  /**
   * The same for a document that may stay in memory until `flush`.
   * @default `append`
   */
  hold?(pieces: Iterable<string | Buffer>): number;
  /**
   * Writes the documents that are held, in one call. Returns those that could not be written.
   * @default none is held
   */
  flush?(): LostDocuments | undefined;
  /**
   * The bytes of a sidecar that has been finished.
   * @param into memory that the pieces may share: each lasts until the next one is asked for. @default each piece lasts
   */
  read(sidecar: SidecarRef, into?: Buffer): AsyncIterable<Buffer>;
  /**
   * Gives the name of its content to a sidecar that was finished before its digest was known. Until the cassette is in
   * place it can be read under its old name, too.
   * @default it keeps its name
   */
  settle?(sidecar: SidecarRef, sha256: string): SidecarRef;
  /** A new, still nameless sidecar. Also used to spool the events of an exchange that grows long. */
  sidecar(): SidecarWriter;
  /** The text of a document that was appended, by its number. */
  readDocument(number: number): string;
  /**
   * Puts the cassette in place, atomically: header, then the documents, each by its number or with its last text.
   * Sidecars that nothing refers to any more are removed.
   * @throws what `inspect` finds: the old cassette is as it was, and the recording can still be discarded
   */
  finish(headerText: string, documents: Iterable<number | string>, check?: CassetteCheck): void;
  /** Leaves the cassette as it was before the recording, or leaves none, and removes what was recorded. */
  discard(): void;
  /**
   * Lets another recording begin. What was recorded stays where it is: nothing more can be written.
   * @returns the file that has it; undefined if there is none
   */
  release(): string | undefined;
}

/** Where a recording is that does not replace the cassette, such as one of a command that failed. */
export function toAsidePath(cassette: string): string {
  return `${cassette}.failed`;
}

/** Where a recording that is refused can be looked at. */
export function toRefusedPath(cassette: string): string {
  return `${cassette}.refused`;
}
