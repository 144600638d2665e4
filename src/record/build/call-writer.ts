import { findMethodShape, toShortMethod } from "../../cassette/build/call-names.ts";
import type { BuildkitCall, RecordedMessage } from "../../cassette/build-model.ts";
import { INLINE_LIMIT } from "../../cassette/chunks.ts";
import { formatExchange } from "../../cassette/write.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import type { BuildkitRead } from "../decode/build-happening.ts";
import { isExchangeEnd } from "../decode/record-event.ts";
import { redactBuildkitCall } from "../redact/redact-build-event.ts";
import type { RecordingStore } from "../store.ts";
import { type OpenedDocument, toReferences } from "../write/document-event.ts";
import type { DocumentWriter, RecordedDocument, WrittenEvent } from "../write/document-writer.ts";
import type { BuildRefs } from "./placeholders.ts";
import { sortMaps, toRecordedMessage, toRecordedStatus } from "./recorded-message.ts";

export interface CallWriterOptions {
  readonly store: RecordingStore;
  readonly refs: BuildRefs;
  /** Knows the secrets of the recording. */
  readonly redactor: Redactor;
}

/** Makes the document of a single call of BuildKit's API. */
export class CallWriter implements DocumentWriter {
  readonly #opened: OpenedDocument;
  readonly #options: CallWriterOptions;
  #read: BuildkitRead | undefined;
  #isOver = false;

  constructor(opened: OpenedDocument, options: CallWriterOptions) {
    this.#opened = opened;
    this.#options = options;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isWorthKeeping(): boolean {
    return this.#read !== undefined;
  }

  apply(event: WrittenEvent): void {
    if (event.kind === "buildkit-read") this.#read = event.read;
    this.#isOver ||= isExchangeEnd(event);
  }

  finish(): RecordedDocument {
    const { head } = this.#opened;
    const exchange = {
      ...toReferences(this.#opened),
      request: { method: head.method, target: head.target, headers: [] },
      response: undefined,
      call: redactBuildkitCall(this.#describe(toShortMethod(head.target)), this.#options.redactor),
    };
    return { pieces: [formatExchange(exchange)], tars: [] };
  }

  discard(): void {
    this.#read = undefined;
  }

  #describe(method: string): BuildkitCall {
    const { request = Buffer.alloc(0), answers = [], status = { code: 0, message: "" } } = this.#read ?? {};
    const shape = findMethodShape(method);
    const message = this.#toMessage(method, request, shape?.request);
    const isJson = "json" in message && shape?.request !== undefined;
    return {
      request: isJson ? { json: sortMaps(message.json, shape.request) } : message,
      answers: answers.map((answer) => this.#toMessage(method, answer, shape?.response)),
      status: toRecordedStatus(status),
    };
  }

  /** Content of the daemon's store has a digest: it stays as it is. */
  #toMessage(method: string, bytes: Buffer, name: string | undefined): RecordedMessage {
    const isContent = method.startsWith("Content/");
    const substitute = (text: string): string => (isContent ? text : this.#options.refs.substitute(text));
    const message = toRecordedMessage(bytes, name, substitute);
    if (!("bytes" in message) || bytes.length <= INLINE_LIMIT) return message;
    const sidecar = this.#options.store.sidecar();
    sidecar.write(this.#options.redactor.maskBytes(bytes));
    return { file: sidecar.finish("message", ".bin") };
  }
}
