import type { SidecarRef } from "../../cassette/model.ts";
import type { HeaderField } from "../../wire/http/head.ts";
import type { DocumentEvent } from "./document-event.ts";

export interface RecordedDocument {
  /** The text, in pieces; to be read once. */
  readonly pieces: Iterable<string | Buffer>;
  /** The tars among its sidecars. */
  readonly tars: readonly SidecarRef[];
}

/** The events of a document between its beginning and its end or loss. */
export type WrittenEvent = Exclude<DocumentEvent, { kind: "request-head" | "dropped" }>;

/** Makes one document from the events that belong to it, in memory that does not grow with what passes. */
export interface DocumentWriter {
  /** Whether nothing more can come: the document can be finished. */
  readonly isOver: boolean;
  /** Whether half of it is worth having, where the recording stops. */
  readonly isWorthKeeping: boolean;
  /** @throws what the store throws when a sidecar cannot be written */
  apply(event: WrittenEvent): void;
  /**
   * The document; a response's fields are left out that `everyResponse` has.
   * @throws what the store throws when a sidecar cannot be written
   */
  finish(everyResponse: readonly HeaderField[]): RecordedDocument;
  /** Forgets the document and its sidecars. */
  discard(): void;
}
