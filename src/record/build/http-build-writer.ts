/**
 * Makes the document of `POST /build?version=2`: a request of its own. Its files are asked for on a session (docker CLI),
 * or are the request's body (dockerode).
 */
import { findTraceMessage } from "../../cassette/build/trace-line.ts";
import { redactTarget } from "../../secrets/redact-http.ts";
import { isCloseRequested } from "../../session/parsed-request.ts";
import type { HeaderField } from "../../wire/http/head.ts";
import { isExchangeEnd } from "../decode/record-event.ts";
import type { WireUnit } from "../decode/wire-unit.ts";
import { type DocumentEvent, toReferences } from "../write/document-event.ts";
import type { DocumentWriter, RecordedDocument, WrittenEvent } from "../write/document-writer.ts";
import { ExchangeWriter, type ExchangeWriterOptions, selectTars } from "../write/exchange-writer.ts";
import { ResponseRecorder } from "../write/response-recorder.ts";
import { BuildLog, type BuildWriterOptions, joinPieces } from "./build-writer.ts";

type OpenedEvent = Extract<DocumentEvent, { kind: "request-head" }>;

/** They differ from run to run, and a build is found without them. */
const RUN_IDS = /(?<=[?&])(?:session|buildid)=[^&]*(?:&|$)/g;

export class HttpBuildWriter implements DocumentWriter {
  readonly #opened: OpenedEvent;
  readonly #options: BuildWriterOptions & ExchangeWriterOptions;
  /** Writes the request, and what turns out to be no build: an error with a body, or the answer of a daemon that has no BuildKit. */
  readonly #plain: ExchangeWriter;
  readonly #log: BuildLog;
  #response: ResponseRecorder | undefined;
  #form: "undecided" | "build" | "plain" = "undecided";
  #isOver = false;

  constructor(event: OpenedEvent, session: string, options: BuildWriterOptions & ExchangeWriterOptions) {
    this.#opened = event;
    this.#options = options;
    this.#plain = new ExchangeWriter(event, options);
    this.#log = new BuildLog(event.at, options, event.name);
    this.#log.ids.numberSession(session);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isWorthKeeping(): boolean {
    return this.#response !== undefined || this.#plain.isWorthKeeping;
  }

  apply(event: WrittenEvent): void {
    this.#isOver ||= isExchangeEnd(event);
    if (this.#form === "undecided") this.#form = decideForm(event);
    if (this.#form !== "build" || isOfRequest(event)) this.#plain.apply(event);
    if (this.#form !== "plain") this.#write(event);
  }

  finish(everyResponse: readonly HeaderField[]): RecordedDocument {
    if (this.#form === "plain") {
      this.#log.discard();
      return this.#plain.finish(everyResponse);
    }
    const { head, operation } = this.#opened;
    const { method, target } = head;
    const recordedRequest = this.#plain.finishRequest();
    this.#plain.discard();
    const request = { method, operation, asksClose: isCloseRequested(head), everyResponse };
    const exchange = {
      ...toReferences(this.#opened),
      request: {
        ...recordedRequest,
        target: redactTarget(withoutRunIds(target), operation.name, this.#options.redactor),
      },
      response: this.#response?.describeHead(request),
      build: [],
    };
    return {
      pieces: joinPieces(exchange, this.#log.finish()),
      tars: [...selectTars(recordedRequest.body), ...this.#log.tars],
    };
  }

  discard(): void {
    this.#plain.discard();
    this.#log.discard();
  }

  #write(event: WrittenEvent): void {
    const { at } = event;
    if (event.kind === "response-head") this.#beginResponse(event);
    else if (event.kind === "build") this.#log.write(event.happening, at);
    else if (event.kind === "unit") this.#writeUnit(event.unit, at);
    else if (event.kind === "response-end") this.#log.writeEvent({ event: { kind: "response-end" } }, at);
    else if (event.kind === "cut") this.#log.writeEvent({ event: { kind: "cut" } }, at);
  }

  #beginResponse(event: Extract<WrittenEvent, { kind: "response-head" }>): void {
    const { operation } = this.#opened;
    const { store, redactor, heads } = this.#options;
    const secretOperation = operation.name;
    this.#response = new ResponseRecorder(event, { operation, store, timing: {}, redactor, secretOperation, heads });
  }

  #writeUnit({ event }: WireUnit, at: number): void {
    if (!isProgressLine(event)) {
      throw new Error("a build is not recorded: its answer is no stream of JSON lines");
    }
    const trace = findTraceMessage(event.json);
    if (trace !== undefined && this.#log.writeProgress(trace, at)) return;
    this.#log.writeEvent({ event: { kind: "line", json: event.json } }, at);
  }
}

/** BuildKit shows itself by a line of progress, or by what it does on the session. */
function decideForm(event: WrittenEvent): "undecided" | "build" | "plain" {
  if (event.kind === "response-head") return event.content === "stream" ? "undecided" : "plain";
  if (event.kind === "unit") return isProgressLine(event.unit.event) ? "build" : "plain";
  return event.kind === "build" ? "build" : "undecided";
}

type LineEvent = Extract<WireUnit["event"], { kind: "message" }>;

function isProgressLine(event: WireUnit["event"]): event is LineEvent {
  return event.kind === "message" && event.dialect === "progress";
}

/** The daemon begins to answer before it has read a context. */
function isOfRequest({ kind }: WrittenEvent): boolean {
  return kind === "request-bytes" || kind === "request-end";
}

function withoutRunIds(target: string): string {
  return target.replace(RUN_IDS, "").replace(/[?&]$/, "");
}
