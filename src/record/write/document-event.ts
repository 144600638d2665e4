import { joinMembers } from "../../base/join-members.ts";
import type { Exchange } from "../../cassette/model.ts";
import type { ExchangeRole } from "../../match/resources.ts";
import type { RequestHead } from "../../wire/http/head.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import type { ExchangeHappening } from "../decode/record-event.ts";

/** A document begins: what is known of an exchange when its request's head has come. */
export interface OpenedDocument {
  readonly kind: "request-head";
  readonly head: RequestHead;
  readonly operation: Operation;
  readonly role: ExchangeRole;
  /** The name of an exchange that changes something; others refer to it. */
  readonly name: string | undefined;
  /** Names of the changes that are under way. */
  readonly during: readonly string[];
}

/** The members of a document that say how others refer to it, and what was under way: absent where there is nothing. */
export function toReferences({ name, during }: OpenedDocument): Pick<Exchange, "name" | "during"> {
  return joinMembers(name === undefined ? {} : { name }, during.length === 0 ? {} : { during });
}

type AnsweredDocument = Extract<ExchangeHappening, { kind: "response-head" }> & {
  /** Names of the exchanges that were requested while the head was waited for. */
  readonly cues: readonly string[];
  /** Marks of other streams that came while the head was waited for. */
  readonly untils: readonly string[];
};

type DocumentHappening =
  | Exclude<ExchangeHappening, { kind: "request-head" | "response-head" }>
  | OpenedDocument
  | AnsweredDocument
  /** `cue`: another exchange was requested. `mark` names a point of this stream, `until` waits for one of another. */
  | { readonly kind: "cue" | "mark" | "until"; readonly name: string }
  /** The exchange cannot be recorded. */
  | { readonly kind: "dropped" };

/**
 * What a `CueTracker` makes of a `RecordEvent`: it says which document of the cassette the event belongs to. A document
 * may be made from events of several connections.
 */
export type DocumentEvent = {
  /** The document's place in the cassette, in the order of requests, counted from 0. */
  readonly document: number;
  readonly at: number;
} & DocumentHappening;
