/** What is under way in a conversation. */
import type { BodyDecoder } from "../../wire/http/body.ts";
import type { RequestHead } from "../../wire/http/head.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import type { ContentDecoder } from "./content-decoder.ts";

export interface OpenExchange {
  readonly number: number;
  readonly head: RequestHead;
  readonly operation: Operation;
  hasClientEof: boolean;
}

export interface RequestInProgress {
  readonly exchange: OpenExchange;
  readonly body: BodyDecoder;
}

export interface ResponseInProgress {
  readonly exchange: OpenExchange;
  readonly content: ContentDecoder;
  /** Undefined in a hijack: only the connection's end ends it. */
  readonly body: BodyDecoder | undefined;
}
