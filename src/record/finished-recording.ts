/** A recording that is complete, and what is made of it before it stands in its place. */
import type { SidecarRef } from "../cassette/model.ts";

/** The text of a cassette: the header, and the documents in their order. */
export interface RecordedText {
  readonly headerText: string;
  readonly documents: Iterable<string>;
}

export interface FinishedDocument {
  /** Without comments. */
  readonly text: string;
  /** When it was requested and when it had ended, in ms since the recording began. */
  readonly span: TimeSpan;
}

export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** A recording that is complete, but does not stand in its place yet. */
export interface FinishedRecording {
  readonly headerText: string;
  /** In the order of the requests. */
  readonly documents: readonly FinishedDocument[];
  /** Reads a sidecar of this recording. */
  read(sidecar: SidecarRef): AsyncIterable<Buffer>;
  /** Adds the comments that list the contents of tars. */
  annotate(document: string): string;
}
