/** Requests of today in the form in which a deck compares them: by its rules, with recorded values in the place of bound ones. */
import { createHash } from "node:crypto";
import type { Bindings } from "../../match/bindings.ts";
import type { NormalizedBody, NormalizeOptions } from "../../match/normalize/normalize-body.ts";
import {
  type NormalizedRequest,
  normalizeRequest,
  type RequestHeadLike,
} from "../../match/normalize/normalize-request.ts";
import type { ResolvedRules } from "../../match/rules/resolve-rules.ts";
import type { RecordedBodies } from "./recorded-bodies.ts";

export class TodaysRequests {
  /** The rules of all clients, and today's text into the recording's. */
  readonly options: Required<NormalizeOptions>;
  readonly #bindings: Bindings;
  readonly #bodies: RecordedBodies;
  #wording: { readonly version: number; readonly text: string } | undefined;

  constructor(rules: ResolvedRules, bindings: Bindings, bodies: RecordedBodies) {
    this.options = { rules, translate: (text) => bindings.toRecorded(text) };
    this.#bindings = bindings;
    this.#bodies = bodies;
  }

  /**
   * Tells the rules and bindings by which a request is normalized: it stays normalized as long as this text is equal. It
   * is short, for each head that is remembered has several of them, and a run may have thousands of bindings.
   */
  get wording(): string {
    const { version } = this.#bindings;
    if (this.#wording?.version !== version) {
      const text = `${this.options.rules.key} ${JSON.stringify(this.#bindings.pairs)}`;
      this.#wording = { version, text: createHash("sha256").update(text).digest("base64") };
    }
    return this.#wording.text;
  }

  normalize(head: RequestHeadLike): NormalizedRequest {
    return normalizeRequest(head, this.#bindings.isEmpty ? { rules: this.options.rules } : this.options);
  }

  /** A promise only where the body has not arrived, or is a tar. */
  normalizeBody(operation: string, body: Buffer | AsyncIterable<Buffer>): NormalizedBody | Promise<NormalizedBody> {
    return this.#bodies.normalizeToday(operation, body, this.#bindings.isEmpty ? undefined : this.options);
  }
}
