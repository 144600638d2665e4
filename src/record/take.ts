/** One exchange while it is being recorded ("take" as a studio says it), from its request's head to its last byte. */
import { roundDown125 } from "../base/duration.ts";
import type { Body, BodyFraming, Exchange, RecordedRequest, RecordedResponse, SidecarRef } from "../cassette/model.ts";
import { keptHeaders } from "../cassette/redact.ts";
import { exchangeLead, exchangeText } from "../cassette/write.ts";
import type { Touch } from "../match/resources.ts";
import { asksClose } from "../session/call.ts";
import type { HeaderField, RequestHead, ResponseHead } from "../wire/head.ts";
import type { Operation } from "../wire/operation.ts";
import { Answer } from "./answer.ts";
import { Content } from "./content.ts";
import { isSecretSession, labelOf, requestPlan } from "./plans.ts";
import { Script, type ScriptOptions } from "./script.ts";

/** Answers that took less are not worth a line. */
const TOLD_WAIT_MS = 100;

export interface TakeOptions extends Omit<ScriptOptions, "label"> {
  readonly everyResponse: () => readonly HeaderField[];
  /** Headers of requests that rules compare, and which are kept for it. */
  readonly matchedHeaders: readonly string[];
  /** Called before the result of a wait for a container is written down. */
  readonly onResult: (take: Take) => void;
  /** Called when a stream has ended, before its end is written down. */
  readonly onEnd: (take: Take) => void;
}

export interface TakeFacts {
  /** Its place among all requests, counted from 0. */
  readonly number: number;
  readonly head: RequestHead;
  readonly operation: Operation;
  readonly touch: Touch;
  readonly name: string | undefined;
  readonly during: readonly string[];
}

export class Take {
  readonly facts: TakeFacts;
  readonly #options: TakeOptions;
  readonly #request: Content;
  readonly #script: Script;
  readonly #askedAt: number;
  #isRequestWhole = false;
  #answer: Answer | undefined;
  #answerFacts: Pick<RecordedResponse, "waitMs" | "cues"> = {};
  #isBroken = false;
  #tars: SidecarRef[] = [];
  #hasClientEnded = false;
  #isAnswerOver = false;

  constructor(facts: TakeFacts, options: TakeOptions) {
    this.facts = facts;
    this.#options = options;
    this.#request = new Content(options.store, requestPlan(facts.operation, facts.head));
    this.#script = new Script({ ...options, label: labelOf(facts.operation.name) });
    this.#askedAt = options.clock.now();
  }

  get isHijacked(): boolean {
    return this.#answer?.isHijack === true;
  }

  /** Whether the daemon has said all it will say in this exchange. */
  get isAnswered(): boolean {
    return this.#isAnswerOver;
  }

  get status(): number | undefined {
    return this.#answer?.head.status;
  }

  /** Whether it is told event by event. */
  get isStream(): boolean {
    return this.#answer?.isStream ?? this.facts.touch.role === "long";
  }

  /** Whether half of it is worth having: a head was heard, or what was asked for may go on for ever. */
  get isWorthTelling(): boolean {
    return this.isStream || this.#answer !== undefined;
  }

  /** Whether what it says next may depend on other exchanges. */
  get isListening(): boolean {
    return !this.#isAnswerOver && this.facts.touch.own.length > 0 && this.isStream;
  }

  requestBytes(bytes: Buffer): void {
    if (!this.#isAnswerOver) this.#request.push(bytes);
  }

  requestEnded(): void {
    this.#isRequestWhole = true;
  }

  /** A change that this stream may depend on was requested. */
  cue(name: string, request: string): boolean {
    return this.#script.cue(name, request);
  }

  /** Names this point of its stream, if anything was said since the last such point. */
  mark(give: () => string): string | undefined {
    if (!this.#script.hasSpoken) return undefined;
    const name = give();
    this.#script.mark(name);
    return name;
  }

  /** What comes next comes after another stream's mark. */
  until(name: string): void {
    this.#script.until(name);
  }

  answered(head: ResponseHead, framing: BodyFraming): void {
    // The daemon complains of a request that broke off; nobody is there to hear it.
    if (this.#hasClientEnded && !this.#isRequestWhole) return;
    this.#answer = new Answer(head, framing, this.facts.operation, this.#script, this.#options.store);
    const waitMs = roundDown125(this.#options.clock.now() - this.#askedAt);
    const cues = this.#script.takeCues();
    this.#answerFacts = { ...(cues.length > 0 ? { cues } : waitMs >= TOLD_WAIT_MS ? { waitMs } : {}) };
  }

  daemonBytes(bytes: Buffer): void {
    if (this.facts.operation.name === "ContainerWait") this.#options.onResult(this);
    this.#answer?.daemonBytes(bytes);
  }

  chunkEnded(): void {
    this.#answer?.chunkEnded();
  }

  trailers(fields: readonly HeaderField[]): void {
    this.#answer?.trailers(fields);
  }

  /** The response has ended where HTTP says it ends. */
  responseEnded(): void {
    this.#answer?.ended();
    if (this.isStream) this.#options.onEnd(this);
    this.#isAnswerOver = true;
  }

  /** What the client says into a hijack. */
  clientBytes(bytes: Buffer): void {
    if (this.#answer?.isWebsocket) this.#answer.clientBytes(bytes);
    else if (isSecretSession(this.facts.operation)) this.#script.redactedClient(bytes.length);
    else this.#script.client(bytes);
  }

  clientEnded(): void {
    if (this.#hasClientEnded || this.#isAnswerOver) return;
    this.#hasClientEnded = true;
    if (this.#answer?.isStream !== false) this.#script.event({ kind: "eof", side: "client" });
  }

  /** The daemon closed its half, or broke off, where HTTP did not expect it (in a hijack it always ends so). */
  daemonEnded(how: "eof" | "reset"): void {
    if (this.#isAnswerOver) return;
    this.#end();
    this.#options.onEnd(this);
    if (this.#answer !== undefined)
      this.#script.event(how === "eof" ? { kind: "eof", side: "daemon" } : { kind: "reset" });
  }

  /** The client has vanished in the middle. */
  clientLeft(): void {
    if (this.#isAnswerOver) return;
    this.clientEnded();
    this.#end();
  }

  /** The recording stops here. */
  cut(): void {
    if (this.#isAnswerOver) return;
    this.#end();
    this.#script.event({ kind: "cut" });
  }

  /** The tars among its sidecars, once its document was asked for. */
  get tars(): readonly SidecarRef[] {
    return this.#tars;
  }

  /** The text of this exchange's document, in pieces. */
  document(): Iterable<string | Buffer> {
    const events = this.#script.finish();
    const exchange = this.#exchange(events !== undefined);
    const isStream = this.#isToldAsStream(events !== undefined);
    if (!isStream) this.#script.discard();
    if (!isStream) return [exchangeText(exchange)];
    if (events === undefined) return [exchangeText({ ...exchange, stream: [] })];
    return concat([exchangeLead({ ...exchange, stream: [] })], events);
  }

  discard(): void {
    this.#request.discard();
    this.#answer?.discard();
    this.#script.discard();
  }

  /** The response's body as far as it is short enough to learn names from. */
  get answerText(): string {
    return this.#answer?.text ?? "";
  }

  #end(): void {
    this.#isAnswerOver = true;
    this.#answer?.ended();
    if (this.#answer?.isStream === false) this.#breakOff(this.#answer);
  }

  /** A body that broke off is told as a stream: what came of it, then how it ended. */
  #breakOff(answer: Answer): void {
    this.#isBroken = true;
    answer.breakOff();
    if (this.#hasClientEnded) this.#script.event({ kind: "eof", side: "client" });
  }

  #isToldAsStream(hasEvents: boolean): boolean {
    return this.#answer === undefined ? hasEvents : this.#answer.isStream || this.#isBroken;
  }

  #exchange(hasEvents: boolean): Exchange {
    const { name, during } = this.facts;
    return {
      ...(name === undefined ? {} : { name }),
      ...(during.length === 0 ? {} : { during }),
      request: this.#describeRequest(),
      response: this.#describeResponse(this.#isToldAsStream(hasEvents)),
    };
  }

  #describeRequest(): RecordedRequest {
    const { method, target, fields } = this.facts.head;
    const body = this.#isRequestWhole ? this.#request.finish() : undefined;
    if (!this.#isRequestWhole) this.#request.discard();
    this.#noteTar(body);
    const partial = this.#isRequestWhole ? {} : { isPartial: true };
    return {
      method,
      target,
      headers: keptHeaders(fields, this.#options.matchedHeaders),
      ...partial,
      ...(body === undefined ? {} : { body }),
    };
  }

  #noteTar(body: Body | undefined): void {
    if (body !== undefined && !Buffer.isBuffer(body) && body.path.endsWith(".tar")) this.#tars.push(body);
  }

  #describeResponse(isStream: boolean): RecordedResponse | undefined {
    const { head, operation } = this.facts;
    const asked = {
      method: head.method,
      operation,
      asksClose: asksClose(head),
      everyResponse: this.#options.everyResponse(),
    };
    const described = this.#answer?.describe(asked, isStream ? "as-stream" : "as-body");
    this.#noteTar(described?.body);
    return described === undefined ? undefined : { ...described, ...this.#answerFacts };
  }
}

function* concat(...parts: readonly Iterable<string | Buffer>[]): Generator<string | Buffer> {
  for (const part of parts) yield* part;
}
