/**
 * Knows what happens at the same time on all connections. It numbers the exchanges in the order of their requests,
 * names those that others refer to, and puts cues, marks and `until`s between the events of a stream.
 *
 * Cues and `until`s wait in the tracker until something happens in their stream: what nothing follows is written down
 * only at the stream's end.
 */
import { joinMembers } from "../base/join-members.ts";
import { collectNames } from "../match/collect-names.ts";
import { ContainerNames } from "../match/container-names.ts";
import { type ResourceUse, resolveResourceUse } from "../match/resources.ts";
import { operationLabel } from "./decode/operation-traits.ts";
import { type ExchangeEvent, isExchangeEnd, type RecordEvent, type UnreadableEvent } from "./decode/record-event.ts";
import { NameAllocator } from "./name-allocator.ts";
import { TrackedExchange } from "./tracked-exchange.ts";
import type { DocumentEvent } from "./write/document-event.ts";

/** What is written into a stream, or ends it; all else leaves what waits in the tracker where it is. */
const WRITTEN: ReadonlySet<string> = new Set(["unit", "client-bytes", "websocket-frame", "client-eof"]);

type RequestHeadEvent = Extract<ExchangeEvent, { kind: "request-head" }>;
/** A change that was requested and has not ended. */
interface ChangeUnderWay {
  readonly name: string;
  readonly request: string;
  readonly isAnswered: boolean;
}

type ResponseHeadEvent = Extract<ExchangeEvent, { kind: "response-head" }>;

export class CueTracker {
  readonly #resourceNames: ContainerNames = new ContainerNames();
  readonly #names: NameAllocator;
  /** Open exchanges by connection and place, in the order of their requests. */
  readonly #open = new Map<string, TrackedExchange>();
  #documentCount = 0;
  #eventCount = 0;

  /** @param takenNames names that the cassette has already */
  constructor(takenNames: readonly string[] = []) {
    this.#names = new NameAllocator(takenNames);
  }

  /** Events of an exchange that is not open, such as the rest of a request that was answered early, give nothing. */
  apply(event: RecordEvent): DocumentEvent[] {
    this.#eventCount += 1;
    if (event.kind === "unreadable") return this.#dropConnection(event);
    if (event.kind === "request-head") return [this.#openExchange(event)];
    const exchange = this.#open.get(keyOf(event));
    return exchange === undefined ? [] : this.#follow(exchange, event);
  }

  /** Whether anything in the cassette refers to the name. */
  isReferenced(name: string): boolean {
    return this.#names.isReferenced(name);
  }

  /** The document cannot be written: nothing more comes of it. */
  dropDocument(document: number): void {
    for (const [key, { facts }] of this.#open) if (facts.document === document) this.#open.delete(key);
  }

  #openExchange(event: RequestHeadEvent): DocumentEvent {
    const { head, operation, connection, at } = event;
    const touch = resolveResourceUse(head.method, operation, this.#resourceNames);
    const name = touch.role === "change" ? this.#names.allocate(operationLabel(operation)) : undefined;
    const request = `${head.method} ${head.target}`;
    const changes = touch.role === "read" || touch.role === "long" ? this.#findChangesUnderWay(touch.resources) : [];
    const during = changes.map(({ name: change }) => change);
    for (const change of during) this.#names.noteReference(change);
    if (name !== undefined) this.#cueListeners(touch, { name, request, at });
    const document = this.#documentCount++;
    const concurrent = changes.filter(({ isAnswered }) => !isAnswered);
    const facts = { document, connection, operation, touch, name, openedAt: this.#eventCount, request, concurrent };
    this.#open.set(keyOf(event), new TrackedExchange(facts));
    return { document, at, kind: "request-head", head, operation, role: touch.role, name, during };
  }

  #follow(exchange: TrackedExchange, event: Exclude<ExchangeEvent, RequestHeadEvent>): DocumentEvent[] {
    const { document } = exchange.facts;
    const marks = this.#marksBefore(exchange, event);
    exchange.note(event, this.#eventCount);
    if (event.kind === "response-head") return [...marks, withCues(exchange, event)];
    const isEnd = isExchangeEnd(event);
    const waiting = isEnd || WRITTEN.has(event.kind) ? takeWaiting(exchange) : [];
    if (isEnd) this.#closeExchange(exchange, event);
    return [...marks, ...waiting, joinMembers(event, { document })];
  }

  #closeExchange(exchange: TrackedExchange, event: ExchangeEvent): void {
    this.#open.delete(keyOf(event));
    collectNames(this.#resourceNames, exchange.facts.operation, exchange.status, exchange.answerText);
  }

  #dropConnection({ connection, at }: UnreadableEvent): DocumentEvent[] {
    const lost = [...this.#open].filter(([, { facts }]) => facts.connection === connection);
    for (const [key] of lost) this.#open.delete(key);
    return lost.map(([, { facts }]) => ({ document: facts.document, at, kind: "dropped" }));
  }

  #findChangesUnderWay(resources: readonly string[]): ChangeUnderWay[] {
    return [...this.#open.values()].flatMap(({ facts: { name, request, touch }, isAnswered }) =>
      name === undefined || !intersects(touch.resources, resources) ? [] : [{ name, request, isAnswered }],
    );
  }

  /** A stop that takes its time may end only because of what is requested meanwhile: its answer waits for that. */
  #cueListeners({ resources }: ResourceUse, cue: Parameters<TrackedExchange["addCue"]>[0]): void {
    for (const exchange of this.#open.values()) {
      const isWaiting = exchange.isListening || exchange.isEnding;
      const isConcerned = isWaiting && intersects(exchange.facts.touch.targets, resources);
      if (isConcerned && exchange.addCue(cue)) this.#names.noteReference(cue.name);
    }
  }

  #marksBefore(exchange: TrackedExchange, event: ExchangeEvent): DocumentEvent[] {
    const isResult = event.kind === "unit" || (event.kind === "response-head" && event.content === "body");
    if (exchange.isWait && isResult) {
      return [...this.#markOutputs(exchange, event.at), ...this.#markListeners(exchange, event.at)];
    }
    if (exchange.isChange && isAnswer(exchange, event)) return this.#markListeners(exchange, event.at);
    const isEnd = event.kind === "response-end" || event.kind === "daemon-eof" || event.kind === "daemon-reset";
    return isEnd && exchange.isOutput ? this.#markEnd(exchange, event.at) : [];
  }

  /** A client that hears that a container has ended has heard its output before: the result waits for that. */
  #markOutputs(wait: TrackedExchange, at: number): DocumentEvent[] {
    const outputs = [...this.#open.values()].filter(
      (exchange) => exchange.isOutput && exchange.hasSpoken && exchange.isAboutSame(wait),
    );
    return outputs.map((output) => this.#markFor([wait], output, at));
  }

  /** The same for an output that ends before the result is there. */
  #markEnd(output: TrackedExchange, at: number): DocumentEvent[] {
    const waits = [...this.#open.values()].filter((exchange) => exchange.isWait && exchange.isAboutSame(output));
    return waits.length > 0 && output.hasSpoken ? [this.#markFor(waits, output, at)] : [];
  }

  /** What was told of a change before it was answered, or of an end before its result, is told before that again. */
  #markListeners(answered: TrackedExchange, at: number): DocumentEvent[] {
    const listeners = [...this.#open.values()].filter((exchange) => exchange.hasToldDuring(answered));
    return listeners.flatMap((listener) => {
      const known = listener.currentMark;
      if (known === undefined) return [this.#markFor([answered], listener, at)];
      answered.addUntil({ name: known, at });
      return [];
    });
  }

  #markFor(waits: readonly TrackedExchange[], output: TrackedExchange, at: number): DocumentEvent {
    const name = this.#names.allocate("said");
    output.noteMark(name);
    for (const wait of waits) wait.addUntil({ name, at });
    return { document: output.facts.document, at, kind: "mark", name };
  }
}

function keyOf({ connection, exchange }: ExchangeEvent): string {
  return `${connection}/${exchange}`;
}

function withCues(exchange: TrackedExchange, event: ResponseHeadEvent): DocumentEvent {
  const cues = exchange.takeCues().map(({ name }) => name);
  const untils = exchange.takeUntilNames();
  exchange.addConcurrentCues(event.at);
  return joinMembers(event, { document: exchange.facts.document, cues, untils });
}

/** The head of an answer, and the end of one that is a stream. */
function isAnswer(exchange: TrackedExchange, event: ExchangeEvent): boolean {
  return event.kind === "response-head" || (exchange.isStream && isExchangeEnd(event));
}

/** The cues and `until`s that wait for something to happen in the stream, each at the time when it came. */
function takeWaiting(exchange: TrackedExchange): DocumentEvent[] {
  const { document } = exchange.facts;
  return [
    ...exchange.takeCues().map(({ name, at }): DocumentEvent => ({ document, at, kind: "cue", name })),
    ...exchange.takeUntils().map(({ name, at }): DocumentEvent => ({ document, at, kind: "until", name })),
  ];
}

function intersects(some: readonly string[], others: readonly string[]): boolean {
  return some.some((resource) => others.includes(resource));
}
