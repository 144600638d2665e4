/**
 * What stands behind a response's head, as events. A connection that has left HTTP is handed over whole, both sides of
 * it: a protocol of its own is one more `ContentDecoder`, chosen here.
 */
import type { WebsocketEvent } from "../../cassette/model.ts";
import { GrpcDecoder } from "../../wire/grpc/grpc-decoder.ts";
import type { ResponseHead } from "../../wire/http/head.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import { WebsocketDecoder, type WebsocketFrame } from "../../wire/streams/websocket.ts";
import { doesHijack, hijackFormat, isBuildkitConnection, isWebsocketAttach, streamFormat } from "./operation-traits.ts";
import type { ContentEvent, ContentKind, ConversationSide } from "./record-event.ts";
import { StreamDecoder, type StreamFormat, type StreamTransport } from "./stream-decoder.ts";
import type { WireUnit } from "./wire-unit.ts";

export interface ContentDecoder {
  readonly kind: ContentKind;
  /** @throws WireError where the bytes can never be what they should be */
  push(side: ConversationSide, bytes: Buffer): ContentEvent[];
  /** An HTTP chunk ends here. */
  endChunk(): ContentEvent[];
  /** Nothing more comes. */
  end(): ContentEvent[];
}

export function createContentDecoder(
  operation: Operation,
  head: ResponseHead,
  framing: "none" | "length" | "chunked" | "close",
): ContentDecoder {
  if (doesHijack(head, operation)) return createHijackDecoder(operation);
  const format = streamFormat(operation, head);
  if (format === undefined) return new BodyContentDecoder();
  return new StreamContentDecoder("stream", format, framing === "chunked" ? "chunked" : "unchunked");
}

function createHijackDecoder(operation: Operation): ContentDecoder {
  if (isBuildkitConnection(operation)) return new GrpcContentDecoder();
  if (isWebsocketAttach(operation)) return new WebsocketContentDecoder();
  return new StreamContentDecoder("hijack", hijackFormat(operation), "hijack");
}

class BodyContentDecoder implements ContentDecoder {
  readonly kind = "body";

  push(_side: ConversationSide, bytes: Buffer): ContentEvent[] {
    return [{ kind: "response-bytes", bytes }];
  }

  endChunk(): ContentEvent[] {
    return [{ kind: "chunk-end" }];
  }

  end(): ContentEvent[] {
    return [];
  }
}

/** The daemon's side in units, the client's (in a hijack) as it comes. */
class StreamContentDecoder implements ContentDecoder {
  readonly kind: ContentKind;
  readonly #stream: StreamDecoder;

  constructor(kind: ContentKind, format: StreamFormat, transport: StreamTransport) {
    this.kind = kind;
    this.#stream = new StreamDecoder(format, transport);
  }

  push(side: ConversationSide, bytes: Buffer): ContentEvent[] {
    return side === "client" ? [{ kind: "client-bytes", bytes }] : toUnitEvents(this.#stream.push(bytes));
  }

  endChunk(): ContentEvent[] {
    return toUnitEvents(this.#stream.endChunk());
  }

  end(): ContentEvent[] {
    return toUnitEvents(this.#stream.end());
  }
}

function toUnitEvents(units: readonly WireUnit[]): ContentEvent[] {
  return units.map((unit) => ({ kind: "unit", unit }));
}

/** The calls that pass, whichever side makes them. */
class GrpcContentDecoder implements ContentDecoder {
  readonly kind = "hijack";
  readonly #grpc: GrpcDecoder = new GrpcDecoder();

  push(side: ConversationSide, bytes: Buffer): ContentEvent[] {
    return this.#grpc.push(side, bytes).map((event) => ({ kind: "grpc", event }));
  }

  endChunk(): ContentEvent[] {
    return [];
  }

  end(): ContentEvent[] {
    return [];
  }
}

class WebsocketContentDecoder implements ContentDecoder {
  readonly kind = "hijack";
  readonly #decoders = { client: new WebsocketDecoder(), daemon: new WebsocketDecoder() };

  push(side: ConversationSide, bytes: Buffer): ContentEvent[] {
    return this.#decoders[side].push(bytes).map((frame) => toWebsocketEvent(side, frame));
  }

  endChunk(): ContentEvent[] {
    return [];
  }

  end(): ContentEvent[] {
    return [];
  }
}

function toWebsocketEvent(from: WebsocketEvent["from"], { opcode, payload }: WebsocketFrame): ContentEvent {
  const frame = { from, opcode: opcode === "continuation" ? "binary" : opcode, payload } as const;
  return { kind: "websocket-frame", frame };
}
