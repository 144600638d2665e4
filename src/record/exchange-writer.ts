/** Makes the document of one exchange from its events, as they come. */
import { roundDown125 } from "../base/duration.ts";
import type { Exchange, RecordedBody, RecordedRequest, RecordedResponse, SidecarRef } from "../cassette/model.ts";
import { selectKeptHeaders } from "../cassette/redact.ts";
import { formatExchange, formatExchangeLead } from "../cassette/write.ts";
import { isCloseRequested } from "../session/call.ts";
import type { HeaderField } from "../wire/head.ts";
import { BodyBuffer } from "./body-buffer.ts";
import type { DocumentEvent, OpenedDocument } from "./document-event.ts";
import type { DocumentWriter, RecordedDocument, WrittenEvent } from "./document-writer.ts";
import { EventLog } from "./event-log.ts";
import { operationLabel, requestBodyPolicy } from "./operation-traits.ts";
import { type ClosingKind, isExchangeEnd } from "./record-event.ts";
import { ResponseRecorder } from "./response-recorder.ts";
import type { RecordingStore } from "./store.ts";

/** A response that took less to come is not worth a line. */
const SHORTEST_WAIT_MS = 100;

export interface ExchangeWriterOptions {
  readonly store: RecordingStore;
  /** Waits are kept to the millisecond instead of being rounded. */
  readonly exactTiming: boolean;
  /** Headers of requests that rules compare, and which are kept for that. */
  readonly matchedHeaders: readonly string[];
}

type OpenedEvent = Extract<DocumentEvent, { kind: "request-head" }>;
type StreamedEvent = Extract<
  WrittenEvent,
  { kind: "unit" | "client-bytes" | "websocket-frame" | "client-eof" | "cue" | "until" | "mark" }
>;

export class ExchangeWriter implements DocumentWriter {
  readonly #opened: OpenedDocument;
  readonly #requestedAt: number;
  readonly #options: ExchangeWriterOptions;
  readonly #request: BodyBuffer;
  readonly #log: EventLog;
  #response: ResponseRecorder | undefined;
  #isRequestWhole = false;
  #clientEof: "none" | "seen" | "written" = "none";
  #hasClientLeft = false;
  #isOver = false;
  #isBroken = false;

  constructor(event: OpenedEvent, options: ExchangeWriterOptions) {
    const { operation, head, at } = event;
    const { store, exactTiming } = options;
    this.#opened = event;
    this.#requestedAt = at;
    this.#options = options;
    this.#request = new BodyBuffer(store, requestBodyPolicy(operation, head));
    this.#log = new EventLog({ store, exactTiming, at, label: operationLabel(operation) });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Its head has come, or what was requested may go on for ever. */
  get isWorthKeeping(): boolean {
    return this.#response !== undefined || this.#opened.role === "long";
  }

  apply(event: WrittenEvent): void {
    this.#isOver ||= isExchangeEnd(event);
    switch (event.kind) {
      case "request-bytes":
        this.#request.push(event.bytes);
        break;
      case "request-end":
        this.#isRequestWhole = true;
        break;
      case "response-head":
        this.#beginResponse(event);
        break;
      case "response-bytes":
      case "chunk-end":
      case "trailers":
        this.#response?.apply(event);
        break;
      case "client-left":
        this.#hasClientLeft = this.#response === undefined;
        break;
      case "response-end":
      case "grpc":
      case "build":
      case "buildkit-read":
        break;
      case "daemon-eof":
      case "daemon-reset":
      case "client-gone":
      case "cut":
        this.#breakOff(event.kind, event.at);
        break;
      default:
        this.#writeStream(event);
    }
  }

  finish(everyResponse: readonly HeaderField[]): RecordedDocument {
    const events = this.#log.finish();
    const isStream = this.#isToldAsStream(events);
    const exchange = this.#describe(isStream, everyResponse);
    const tars = selectTars(exchange.request.body, exchange.response?.body);
    if (!isStream) this.#log.discard();
    if (!isStream) return { pieces: [formatExchange(exchange)], tars };
    if (events === undefined) return { pieces: [formatExchange({ ...exchange, stream: [] })], tars };
    return { pieces: concat([formatExchangeLead({ ...exchange, stream: [] })], events), tars };
  }

  discard(): void {
    this.#request.discard();
    this.#response?.discard();
    this.#log.discard();
  }

  #beginResponse(event: Extract<WrittenEvent, { kind: "response-head" }>): void {
    // The daemon complains of a request that broke off; the client is not there to read it.
    if (this.#clientEof !== "none" && !this.#isRequestWhole) return;
    const { cues, at } = event;
    const waitMs = roundDown125(at - this.#requestedAt);
    const pace = cues.length > 0 ? { cues } : waitMs >= SHORTEST_WAIT_MS ? { waitMs } : {};
    const timing = this.#hasClientLeft ? { ...pace, isLeft: true } : pace;
    const { operation } = this.#opened;
    this.#response = new ResponseRecorder(event, { operation, store: this.#options.store, timing });
    this.#log.writeHead(at);
  }

  #writeStream(event: StreamedEvent): void {
    const { at } = event;
    switch (event.kind) {
      case "unit":
        if (this.#response !== undefined) this.#log.writeUnit(event.unit, at);
        break;
      case "client-bytes":
        this.#log.writeClientBytes(event.bytes, at);
        break;
      case "websocket-frame":
        this.#writeWebsocketFrame(event.frame, at);
        break;
      case "client-eof":
        this.#writeClientEof(at);
        break;
      case "cue":
      case "until":
      case "mark":
        this.#log.writeCue({ kind: event.kind, name: event.name }, at);
        break;
      default:
        event satisfies never;
    }
  }

  #writeWebsocketFrame(frame: Extract<StreamedEvent, { kind: "websocket-frame" }>["frame"], at: number): void {
    const event = { kind: "ws", ...frame } as const;
    if (frame.from === "client") this.#log.writeClientEvent(event, at);
    else this.#log.writeDaemonEvent(event, at);
  }

  /** A body has no events: the client's end is written only if the body breaks off, behind what came of it. */
  #writeClientEof(at: number): void {
    this.#clientEof = this.#response?.hasBody === true ? "seen" : "written";
    if (this.#clientEof === "written") this.#log.writeClientEvent({ kind: "eof", side: "client" }, at);
  }

  #breakOff(closing: ClosingKind, at: number): void {
    if (this.#response?.hasBody === true) this.#breakOffBody(this.#response, at);
    if (closing === "cut") this.#log.writeCut();
    else if (closing !== "client-gone" && this.#response !== undefined) {
      this.#log.writeDaemonEvent(closing === "daemon-eof" ? { kind: "eof", side: "daemon" } : { kind: "reset" }, at);
    }
  }

  /** A body that broke off is written as a stream: what came of it, then how it ended. */
  #breakOffBody(response: ResponseRecorder, at: number): void {
    this.#isBroken = true;
    const body = response.finishBody();
    if (Buffer.isBuffer(body)) this.#log.writeRemains({ kind: "bytes", isTty: false, bytes: body });
    else if (body !== undefined) this.#log.writeRemains({ kind: "file", file: body });
    if (this.#clientEof === "seen") this.#log.writeClientEvent({ kind: "eof", side: "client" }, at);
  }

  #isToldAsStream(events: unknown): boolean {
    return this.#response === undefined ? events !== undefined : !this.#response.hasBody || this.#isBroken;
  }

  #describe(isStream: boolean, everyResponse: readonly HeaderField[]): Exchange {
    const { name, during } = this.#opened;
    return {
      ...(name === undefined ? {} : { name }),
      ...(during.length === 0 ? {} : { during }),
      request: this.finishRequest(),
      response: this.#describeResponse(isStream, everyResponse),
    };
  }

  /** The request as it came, its body in its lasting place. */
  finishRequest(): RecordedRequest {
    const { method, target, fields } = this.#opened.head;
    const headers = selectKeptHeaders(fields, this.#options.matchedHeaders);
    if (!this.#isRequestWhole) {
      this.#request.discard();
      return { method, target, headers, isPartial: true };
    }
    const body = this.#request.finish();
    return { method, target, headers, ...(body === undefined ? {} : { body }) };
  }

  #describeResponse(isStream: boolean, everyResponse: readonly HeaderField[]): RecordedResponse | undefined {
    const { head, operation } = this.#opened;
    const request = { method: head.method, operation, asksClose: isCloseRequested(head), everyResponse };
    return isStream ? this.#response?.describeHead(request) : this.#response?.describeWithBody(request);
  }
}

/** Those bodies that are tars beside the cassette. */
export function selectTars(...bodies: readonly (RecordedBody | undefined)[]): readonly SidecarRef[] {
  return bodies.filter(
    (body): body is SidecarRef => body !== undefined && "path" in body && body.path.endsWith(".tar"),
  );
}

function* concat(...parts: readonly Iterable<string | Buffer>[]): Generator<string | Buffer> {
  for (const part of parts) yield* part;
}
