import type { SidecarRef } from "../cassette/model.ts";

/** A sidecar being written. Writes are done when they return: the tee beside the client holds nothing back. */
export interface SidecarWriter {
  readonly size: number;
  write(bytes: Buffer): void;
  /**
   * Gives the sidecar its lasting name: `<cassette>/<label>-<first 8 hex of its sha256><extension>`.
   * Equal content under an equal label is stored once.
   */
  finish(label: string, extension: string): SidecarRef;
  /** Forgets what was written. */
  discard(): void;
  /** What was written so far, in pieces of at most 256 KiB. */
  pieces(): Iterable<Buffer>;
}

/**
 * Where a recording goes; io/ implements it on disk, tests in memory. Everything is synchronous on purpose: what
 * has been handed over survives a kill -9 of the recorder.
 */
export interface RecordingStore {
  /** Writes the header document. May be called again as long as nothing was appended. */
  begin(headerText: string): void;
  /** Appends one whole exchange document, given in pieces; returns its number, counted from 0. */
  append(pieces: Iterable<string | Buffer>): number;
  /** The bytes of a sidecar that has been finished. */
  read(sidecar: SidecarRef): AsyncIterable<Buffer>;
  /** A new, still nameless sidecar. Also used to spool the events of an exchange that grows long. */
  sidecar(): SidecarWriter;
  /** The text of a document that was appended, by its number. */
  readDocument(number: number): string;
  /**
   * Puts the cassette in place, atomically: header, then the documents, each by its number or with its last text.
   * Sidecars that nothing refers to any more are removed.
   */
  finish(headerText: string, documents: Iterable<number | string>): void;
  /** Leaves the cassette as it was before the recording, or leaves none, and removes what was recorded. */
  discard(): void;
  /** Lets another recording begin. What was recorded stays where it is: nothing more can be written. */
  release(): void;
}
