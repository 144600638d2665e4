/** Makes the document of one exchange from its events, as they come. */
import { roundDown125 } from "../../base/duration.ts";
import type { Exchange, RecordedBody, RecordedRequest, RecordedResponse, SidecarRef } from "../../cassette/model.ts";
import { formatExchange, formatExchangeLead } from "../../cassette/write.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import { findSecretOperation } from "../../secrets/secret-operation.ts";
import { isCloseRequested } from "../../session/parsed-request.ts";
import type { HeaderField } from "../../wire/http/head.ts";
import type { RepeatedBodies } from "../bodies/repeated-bodies.ts";
import { operationLabel } from "../decode/operation-traits.ts";
import { type ClosingKind, isExchangeEnd } from "../decode/record-event.ts";
import { EventLog } from "../events/event-log.ts";
import { StreamGate } from "../redact/stream-gate.ts";
import type { RecordingStore } from "../store.ts";
import { type DocumentEvent, type OpenedDocument, toReferences } from "./document-event.ts";
import type { DocumentWriter, RecordedDocument, WrittenEvent } from "./document-writer.ts";
import type { RepeatedHeads } from "./repeated-heads.ts";
import { RequestRecorder } from "./request-recorder.ts";
import { ResponseRecorder } from "./response-recorder.ts";

/** A response that took less to come is not worth a line. */
const SHORTEST_WAIT_MS = 100;

export interface ExchangeWriterOptions {
  readonly store: RecordingStore;
  /** Waits are kept to the millisecond instead of being rounded. */
  readonly exactTiming: boolean;
  /** Headers of requests that rules compare, and which are kept for that. */
  readonly matchedHeaders: readonly string[];
  /** Knows the secrets of the recording. */
  readonly redactor: Redactor;
  readonly bodies: RepeatedBodies;
  readonly heads: RepeatedHeads;
}

type OpenedEvent = Extract<DocumentEvent, { kind: "request-head" }>;
type HeadEvent = Extract<WrittenEvent, { kind: "response-head" }>;
type StreamedEvent = Extract<
  WrittenEvent,
  { kind: "unit" | "client-bytes" | "websocket-frame" | "client-eof" | "cue" | "until" | "mark" }
>;

export class ExchangeWriter implements DocumentWriter {
  readonly #opened: OpenedDocument;
  readonly #requestedAt: number;
  readonly #options: ExchangeWriterOptions;
  readonly #request: RequestRecorder;
  readonly #log: StreamGate;
  /** The operation, as far as secrets are concerned. */
  readonly #operation: string;
  #response: ResponseRecorder | undefined;
  #clientEof: "none" | "seen" | "written" = "none";
  #hasClientLeft = false;
  #isOver = false;
  #isBroken = false;

  constructor(event: OpenedEvent, options: ExchangeWriterOptions) {
    const { operation, head, at } = event;
    const { store, exactTiming, redactor } = options;
    this.#opened = event;
    this.#requestedAt = at;
    this.#options = options;
    this.#operation = findSecretOperation(head.method, head.target);
    this.#request = new RequestRecorder(event, this.#operation, options);
    const log = new EventLog({ store, exactTiming, at, label: operationLabel(operation) });
    this.#log = new StreamGate(log, { redactor, operation: this.#operation });
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
        this.#request.pushBody(event.bytes);
        break;
      case "request-end":
        this.#request.end();
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
    // The client gets its last byte only when the document is written; the pipeline finishes drafts in the end.
    const { asDraft } = this.#options.bodies;
    if (!isStream) this.#log.discard();
    if (!isStream) return { pieces: [formatExchange(exchange, asDraft)], tars };
    if (events === undefined) return { pieces: [formatExchange({ ...exchange, stream: [] }, asDraft)], tars };
    return { pieces: concat([formatExchangeLead({ ...exchange, stream: [] }, asDraft)], events), tars };
  }

  discard(): void {
    this.#request.discard();
    this.#response?.discard();
    this.#log.discard();
  }

  #beginResponse(event: HeadEvent): void {
    // The daemon complains of a request that broke off; the client is not there to read it.
    if (this.#clientEof !== "none" && !this.#request.isWhole) return;
    const { at } = event;
    const timing = this.#describeTiming(event);
    const { operation } = this.#opened;
    const { store, redactor, bodies, heads } = this.#options;
    const secretOperation = this.#operation;
    this.#response = new ResponseRecorder(event, {
      operation,
      store,
      timing,
      redactor,
      secretOperation,
      bodies,
      heads,
    });
    this.#log.write((log) => log.writeHead(at));
  }

  /** How long a stream was silent tells nothing where it waited for a request; a change had begun before that. */
  #describeTiming({ cues, untils, at }: HeadEvent): Pick<RecordedResponse, "waitMs" | "cues" | "untils" | "isLeft"> {
    const waitMs = roundDown125(at - this.#requestedAt);
    const isPaced = waitMs >= SHORTEST_WAIT_MS && (cues.length === 0 || this.#opened.role === "change");
    return {
      ...(isPaced ? { waitMs } : {}),
      ...(cues.length > 0 ? { cues } : {}),
      ...(untils.length > 0 ? { untils } : {}),
      ...(this.#hasClientLeft ? { isLeft: true } : {}),
    };
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
        this.#log.writeWebsocketFrame(event.frame, at);
        break;
      case "client-eof":
        this.#writeClientEof(at);
        break;
      case "cue":
      case "until":
      case "mark":
        this.#writeCue({ kind: event.kind, name: event.name }, at);
        break;
      default:
        event satisfies never;
    }
  }

  #writeCue(event: Parameters<EventLog["writeCue"]>[0], at: number): void {
    this.#log.write((log) => log.writeCue(event, at));
  }

  /** A body has no events: the client's end is written only if the body breaks off, behind what came of it. */
  #writeClientEof(at: number): void {
    this.#clientEof = this.#response?.hasBody === true ? "seen" : "written";
    if (this.#clientEof === "written") this.#endClient(at);
  }

  #breakOff(closing: ClosingKind, at: number): void {
    if (this.#response?.hasBody === true) this.#breakOffBody(this.#response, at);
    if (closing === "cut") this.#log.write((log) => log.writeCut());
    else if (closing !== "client-gone" && this.#response !== undefined) {
      const event =
        closing === "daemon-eof" ? ({ kind: "eof", side: "daemon" } as const) : ({ kind: "reset" } as const);
      this.#log.write((log) => log.writeDaemonEvent(event, at));
    }
  }

  #endClient(at: number): void {
    this.#log.write((log) => log.writeClientEvent({ kind: "eof", side: "client" }, at));
  }

  #writeRemains(event: Parameters<EventLog["writeRemains"]>[0]): void {
    this.#log.write((log) => log.writeRemains(event));
  }

  /** A body that broke off is written as a stream: what came of it, then how it ended. */
  #breakOffBody(response: ResponseRecorder, at: number): void {
    this.#isBroken = true;
    const body = response.finishBody();
    if (Buffer.isBuffer(body)) this.#writeRemains({ kind: "bytes", isTty: false, bytes: body });
    else if (body !== undefined) this.#writeRemains({ kind: "file", file: body });
    if (this.#clientEof === "seen") this.#endClient(at);
  }

  #isToldAsStream(events: unknown): boolean {
    return this.#response === undefined ? events !== undefined : !this.#response.hasBody || this.#isBroken;
  }

  #describe(isStream: boolean, everyResponse: readonly HeaderField[]): Exchange {
    return {
      ...toReferences(this.#opened),
      request: this.#request.finish(),
      response: this.#describeResponse(isStream, everyResponse),
    };
  }

  /** The request alone, for a document whose answer is written elsewhere. */
  finishRequest(): RecordedRequest {
    return this.#request.finish();
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
