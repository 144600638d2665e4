/** The daemon's side of one exchange: its head, and its body if it has one. Streams are written by the `EventLog`. */
import { joinMembers } from "../../base/join-members.ts";
import { ChunkSizes } from "../../cassette/chunks.ts";
import type { RecordedBody, RecordedResponse } from "../../cassette/model.ts";
import { redactAnswerFields, redactBody } from "../../secrets/redact-http.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import { isSecretBody } from "../../secrets/secret-operation.ts";
import type { HeaderField } from "../../wire/http/head.ts";
import type { Operation } from "../../wire/operations/operation.ts";
import { BodyBuffer } from "../bodies/body-buffer.ts";
import { createBodyEditor } from "../bodies/body-editor.ts";
import type { RepeatedBodies } from "../bodies/repeated-bodies.ts";
import { responseBodyPolicy } from "../decode/operation-traits.ts";
import type { RecordingStore } from "../store.ts";
import type { DocumentEvent } from "./document-event.ts";
import type { RedactedHead, RepeatedHeads } from "./repeated-heads.ts";

/** The request that is answered, as far as the description of its response depends on it. */
export interface AnsweredRequest {
  readonly method: string;
  readonly operation: Operation;
  readonly asksClose: boolean;
  readonly everyResponse: readonly HeaderField[];
}

type ResponseHeadEvent = Extract<DocumentEvent, { kind: "response-head" }>;

export class ResponseRecorder {
  readonly #event: ResponseHeadEvent;
  readonly #timing: Pick<RecordedResponse, "waitMs" | "cues" | "untils" | "isLeft">;
  readonly #body: BodyBuffer;
  readonly #heads: RepeatedHeads;
  readonly #head: RedactedHead;
  readonly #chunks: ChunkSizes = new ChunkSizes();
  readonly #redactTrailers: (fields: readonly HeaderField[]) => readonly HeaderField[];
  #trailers: readonly HeaderField[] | undefined;

  constructor(
    event: ResponseHeadEvent,
    options: {
      readonly operation: Operation;
      readonly store: RecordingStore;
      readonly timing: Pick<RecordedResponse, "waitMs" | "cues" | "untils" | "isLeft">;
      readonly redactor: Redactor;
      /** The operation, as far as secrets are concerned. */
      readonly secretOperation: string;
      /** @default each body is searched anew */
      readonly bodies?: RepeatedBodies;
      readonly heads: RepeatedHeads;
    },
  ) {
    const { operation, store, timing, redactor, secretOperation, bodies, heads } = options;
    this.#event = event;
    this.#timing = timing;
    this.#heads = heads;
    this.#head = heads.redactAnswer(event.head, secretOperation);
    this.#redactTrailers = (fields) => redactAnswerFields(fields, secretOperation, redactor);
    const redact = (bytes: Buffer): Buffer =>
      redactBody(bytes, { operation: secretOperation, side: "answer" }, redactor);
    const isSecret = isSecretBody(secretOperation, "answer");
    const createEditor = createBodyEditor.bind(undefined, secretOperation, redactor);
    const policy = responseBodyPolicy(operation, event.head);
    const repeated = bodies && !isSecret ? { repeated: { bodies, operation: secretOperation } } : {};
    this.#body = new BodyBuffer(store, Object.assign({ redact, createEditor, isSecret }, policy, repeated));
  }

  get hasBody(): boolean {
    return this.#event.content === "body";
  }

  apply(event: Extract<DocumentEvent, { kind: "response-bytes" | "chunk-end" | "trailers" }>): void {
    if (event.kind === "trailers") this.#trailers = this.#redactTrailers(event.fields);
    else if (event.kind === "chunk-end") this.#chunks.endChunk();
    else {
      this.#chunks.addBytes(event.bytes.length);
      this.#body.push(event.bytes);
    }
  }

  /** What came of the body. */
  finishBody(): RecordedBody | undefined {
    return this.#body.finish();
  }

  discard(): void {
    this.#body.discard();
  }

  /** The response as the cassette has it, its body included. */
  describeWithBody(request: AnsweredRequest): RecordedResponse {
    const body = this.#body.finish();
    const size = body === undefined ? 0 : Buffer.isBuffer(body) ? body.length : body.size;
    const late = joinMembers(this.#chunkFields(), this.#lateFields());
    const described = joinMembers(this.#describe(request, size), late);
    return body === undefined ? described : joinMembers(described, { body });
  }

  /** The response without what stands in the stream's events. */
  describeHead(request: AnsweredRequest): RecordedResponse {
    return { ...this.#describe(request, undefined), ...this.#lateFields() };
  }

  /** A body from which secrets were taken has another length, and its head says so. */
  #describe(request: AnsweredRequest, bodySize: number | undefined): RecordedResponse {
    const { head, framing, content } = this.#event;
    const { status } = head;
    const { reason, fields: all } = this.#head;
    const fields = this.#body.isRedacted && bodySize !== undefined ? withLength(all, bodySize) : all;
    const seen = { status, reason, fields, framing, isHijack: content === "hijack" };
    const { method, asksClose, everyResponse } = request;
    return this.#heads.describe(seen, {
      method,
      asksClose,
      everyResponse,
      operation: request.operation.name,
      bodySize,
    });
  }

  #chunkFields(): Pick<RecordedResponse, "chunks"> {
    const areKnown = this.#event.framing === "chunked" && !this.#body.isRedacted;
    const chunks = areKnown ? this.#chunks.getUnusualSizes() : undefined;
    return chunks === undefined ? {} : { chunks };
  }

  #lateFields(): Pick<RecordedResponse, "trailers" | "waitMs" | "cues" | "untils" | "isLeft"> {
    return { ...(this.#trailers === undefined ? {} : { trailers: this.#trailers }), ...this.#timing };
  }
}

function withLength(fields: readonly HeaderField[], size: number): readonly HeaderField[] {
  return fields.map(([name, value]) => [name, name.toLowerCase() === "content-length" ? `${size}` : value]);
}
