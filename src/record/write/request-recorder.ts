/** The client's side of one exchange: its head, and its body if it has one. */
import { joinMembers } from "../../base/join-members.ts";
import type { RecordedRequest } from "../../cassette/model.ts";
import { expectHeaderSecrets, redactBody, redactRequestField, redactToken } from "../../secrets/redact-http.ts";
import type { Redactor } from "../../secrets/redactor.ts";
import { isSecretBody } from "../../secrets/secret-operation.ts";
import { BodyBuffer } from "../bodies/body-buffer.ts";
import { createBodyEditor } from "../bodies/body-editor.ts";
import { requestBodyPolicy } from "../decode/operation-traits.ts";
import type { RecordingStore } from "../store.ts";
import type { DocumentEvent } from "./document-event.ts";
import type { RepeatedHeads } from "./repeated-heads.ts";
import { selectKeptHeaders } from "./select-kept-headers.ts";

type RequestHeadEvent = Extract<DocumentEvent, { kind: "request-head" }>;

export interface RequestRecorderOptions {
  readonly store: RecordingStore;
  /** Headers that rules compare, and which are kept for that. */
  readonly matchedHeaders: readonly string[];
  readonly redactor: Redactor;
  readonly heads: RepeatedHeads;
}

export class RequestRecorder {
  readonly #head: RequestHeadEvent["head"];
  /** The operation, as far as secrets are concerned. */
  readonly #operation: string;
  readonly #options: RequestRecorderOptions;
  readonly #body: BodyBuffer;
  #target: { readonly text: string; readonly knownThen: number } | undefined;
  #isWhole = false;

  constructor({ head, operation }: RequestHeadEvent, secretOperation: string, options: RequestRecorderOptions) {
    const { store, redactor } = options;
    this.#head = head;
    this.#operation = secretOperation;
    this.#options = options;
    expectHeaderSecrets(head.fields, redactor);
    const redact = (bytes: Buffer): Buffer =>
      redactBody(bytes, { operation: secretOperation, side: "request" }, redactor);
    const isSecret = isSecretBody(secretOperation, "request");
    const createEditor = createBodyEditor.bind(undefined, secretOperation, redactor);
    const policy = requestBodyPolicy(operation, head);
    this.#body = new BodyBuffer(store, joinMembers(policy, { redact, createEditor, isSecret }));
  }

  /** Whether its last byte has come. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  pushBody(bytes: Buffer): void {
    this.#body.push(bytes);
  }

  /** What the request tells may stand in its own answer. First the body: what it tells may stand in the target, too. */
  end(): void {
    this.#isWhole = true;
    this.#body.settle();
    const { size } = this.#options.redactor;
    this.#target = { text: this.#redactTarget(), knownThen: size };
  }

  /** The request without its secrets, its body in its lasting place. */
  finish(): RecordedRequest {
    const { matchedHeaders, redactor } = this.#options;
    const method = redactToken(this.#head.method, redactor);
    const headers = selectKeptHeaders(this.#head.fields, matchedHeaders).map((field) =>
      redactRequestField(field, this.#operation, redactor),
    );
    if (!this.#isWhole) {
      this.#body.discard();
      return { method, target: this.#redactTarget(), headers, isPartial: true };
    }
    const body = this.#body.finish();
    return { method, target: this.#redactTarget(), headers, ...(body === undefined ? {} : { body }) };
  }

  discard(): void {
    this.#body.discard();
  }

  #redactTarget(): string {
    const { heads, redactor } = this.#options;
    // Nothing is known that was not known when the request had come.
    if (this.#target?.knownThen === redactor.size) return this.#target.text;
    return heads.redactTarget(this.#head, this.#operation);
  }
}
