/**
 * What a recording is made of: one event for each thing that happens on a connection. A `ConversationDecoder` makes
 * them from bytes, live or out of another tool's file; the `CueTracker` and the `ExchangeWriter`s only read them. Nothing
 * travels the other way.
 */
import type { BodyFraming, WebsocketEvent } from "../../cassette/model.ts";
import type { GrpcEvent } from "../../wire/grpc/call-event.ts";
import type { HeaderField, RequestHead, ResponseHead } from "../../wire/http/head.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import type { BuildHappening, BuildkitRead } from "./build-happening.ts";
import type { WireUnit } from "./wire-unit.ts";

export type ConversationSide = "client" | "daemon";

/** What stands behind a response's head: a body, a stream inside of HTTP, or a connection that has left HTTP. */
export type ContentKind = "body" | "stream" | "hijack";

/** What the content behind a response's head decodes to. A decoder of another protocol adds its kinds here. */
export type ContentEvent =
  | { readonly kind: "response-bytes"; readonly bytes: Buffer }
  | { readonly kind: "chunk-end" }
  /** A frame, a message, or raw bytes of the daemon's stream. */
  | { readonly kind: "unit"; readonly unit: WireUnit }
  /** Bytes of the client in a hijack. */
  | { readonly kind: "client-bytes"; readonly bytes: Buffer }
  | { readonly kind: "websocket-frame"; readonly frame: Omit<WebsocketEvent, "kind"> }
  /** Of a connection that has left HTTP/1 for gRPC; a `BuildAssembler` makes builds and calls of these. */
  | { readonly kind: "grpc"; readonly event: GrpcEvent };

/**
 * How an exchange ends that HTTP does not end: the daemon closes its half (`daemon-eof`, as every hijack ends) or
 * breaks off, the client vanishes, or the recording stops while the exchange goes on (`cut`).
 */
export type ClosingKind = "daemon-eof" | "daemon-reset" | "client-gone" | "cut";

/** How a client ends its half (`client-eof`), after which it may still read, or shows that it does not (`client-left`). */
export type ClientEnd = "client-eof" | "client-left";

export type ExchangeHappening =
  | { readonly kind: "request-head"; readonly head: RequestHead; readonly operation: Operation }
  | { readonly kind: "request-bytes"; readonly bytes: Buffer }
  | { readonly kind: "request-end" }
  | {
      readonly kind: "response-head";
      readonly head: ResponseHead;
      readonly framing: BodyFraming;
      readonly content: ContentKind;
    }
  | ContentEvent
  | { readonly kind: "build"; readonly happening: BuildHappening }
  | { readonly kind: "buildkit-read"; readonly read: BuildkitRead }
  | { readonly kind: "trailers"; readonly fields: readonly HeaderField[] }
  /** The response ends where HTTP says that it ends. */
  | { readonly kind: "response-end" }
  /** The client closes its half; it may still read. */
  | { readonly kind: "client-eof" }
  /** What the daemon says did not reach the client any more. */
  | { readonly kind: "client-left" }
  | { readonly kind: ClosingKind };

interface EventPlace {
  readonly connection: number;
  /** The exchange's place among those of its connection, counted from 0. */
  readonly exchange: number;
  /** Milliseconds of a clock that only has to be the same for all events of a recording. */
  readonly at: number;
}

/** The connection cannot be followed any further: its open exchanges cannot be recorded. */
export interface UnreadableEvent {
  readonly kind: "unreadable";
  readonly connection: number;
  readonly at: number;
  readonly problem: unknown;
}

export type ExchangeEvent = EventPlace & ExchangeHappening;

export type RecordEvent = ExchangeEvent | UnreadableEvent;

const ENDINGS: ReadonlySet<string> = new Set([
  "response-end",
  "daemon-eof",
  "daemon-reset",
  "client-gone",
  "cut",
] satisfies readonly ExchangeHappening["kind"][]);

/** Whether nothing more can happen in the exchange. */
export function isExchangeEnd({ kind }: { readonly kind: string }): boolean {
  return ENDINGS.has(kind);
}
